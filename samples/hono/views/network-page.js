import { html } from 'hono/html'
import { page } from './page.js'

export function networkPage(lines) {
  return page(
    'Lines',
    html`<ul>
      ${lines.map(
        ({ id, calls }) =>
          html`<li>
            <a href="/lines/${id}">${id}</a>: ${calls[0].stop.name} to ${calls.at(-1).stop.name}
          </li>`,
      )}
    </ul>`,
  )
}
