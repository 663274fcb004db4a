import { html } from 'hono/html'
import { formatTime } from '../network/times.js'
import { page } from './page.js'

export function linePage({ id, calls, everyMinutes }, departures) {
  return page(
    `Line ${id}`,
    html`<p>Every ${everyMinutes} minutes. <a href="/lines/${id}/map.svg">Map</a></p>
      <table>
        ${calls.map(
          ({ stop, after }) =>
            html`<tr>
              <th>${stop.name}</th>
              ${departures.map((start) => html`<td>${formatTime(start + after)}</td>`)}
            </tr>`,
        )}
      </table>`,
  )
}
