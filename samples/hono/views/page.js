import { html } from 'hono/html'

export function page(title, content) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title} - Timetable</title>
      </head>
      <body>
        <h1>${title}</h1>
        ${content}
        <p><a href="/lines">All lines</a></p>
      </body>
    </html>`
}
