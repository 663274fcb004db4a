import { html } from 'hono/html'

const scale = 6
const margin = 40

export function drawLine({ id, colour, calls }) {
  const points = calls.map(({ stop }) => ({
    name: stop.name,
    x: margin + scale * stop.x,
    y: margin + scale * stop.y,
  }))
  const size = 100 * scale + 2 * margin
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">
    <title>Line ${id}</title>
    <polyline
      fill="none"
      stroke="${colour}"
      stroke-width="6"
      points="${points.map(({ x, y }) => `${x},${y}`).join(' ')}"
    />
    ${points.map(
      ({ name, x, y }) =>
        html`<circle cx="${x}" cy="${y}" r="7" /><text x="${x + 12}" y="${y}">${name}</text>`,
    )}
  </svg>`
}
