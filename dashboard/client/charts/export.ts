import type { Palette } from './palette.ts'

/** What a picture says about a line. */
export interface LegendEntry {
  readonly name: string
  readonly colour: number
}

const margin = 16
const lineHeight = 20

/**
 * A chart with its heading, legend and background, as PNG. `canvas` is as Chart.js has drawn it, with as many device pixels as
 * the screen has.
 */
export async function toPng(
  canvas: HTMLCanvasElement,
  heading: string,
  legend: readonly LegendEntry[],
  palette: Palette,
): Promise<Blob> {
  const picture = document.createElement('canvas')
  const context = contextOf(picture)
  const scale = canvas.width / Math.max(1, canvas.clientWidth)
  const width = canvas.clientWidth + 2 * margin
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`
  const rows = rowsOf(context, legend, width - 2 * margin)
  const top = margin + 28 + rows.length * lineHeight + 8
  const height = top + canvas.clientHeight + margin
  picture.width = width * scale
  picture.height = height * scale
  context.scale(scale, scale)
  context.fillStyle = palette.surface
  context.fillRect(0, 0, width, height)
  context.fillStyle = palette.text
  context.textBaseline = 'top'
  const family = getComputedStyle(canvas).fontFamily
  context.font = `600 16px ${family}`
  context.fillText(heading, margin, margin, width - 2 * margin)
  context.font = `12px ${family}`
  rows.forEach((row, index) => {
    drawRow(context, row, margin + 28 + index * lineHeight, palette)
  })
  context.drawImage(canvas, margin, top, canvas.clientWidth, canvas.clientHeight)
  return new Promise((resolve, reject) => {
    picture.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser made no picture'))
      else resolve(blob)
    }, 'image/png')
  })
}

interface PlacedEntry extends LegendEntry {
  readonly left: number
}

/** Entries side by side, as many as fit into a row. */
function rowsOf(
  context: CanvasRenderingContext2D,
  legend: readonly LegendEntry[],
  width: number,
): readonly (readonly PlacedEntry[])[] {
  const rows: PlacedEntry[][] = [[]]
  let left = 0
  for (const entry of legend) {
    const needed = 22 + context.measureText(entry.name).width + 18
    if (left > 0 && left + needed > width) {
      rows.push([])
      left = 0
    }
    rows.at(-1)?.push({ ...entry, left })
    left += needed
  }
  return rows
}

function drawRow(
  context: CanvasRenderingContext2D,
  row: readonly PlacedEntry[],
  top: number,
  palette: Palette,
): void {
  for (const { name, colour, left } of row) {
    context.fillStyle = palette.series(colour)
    context.fillRect(margin + left, top + 5, 14, 4)
    context.fillStyle = palette.text
    context.fillText(name, margin + left + 20, top)
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The browser draws no pictures')
  return context
}

/** Gives the user a file. `name` without an ending. */
export function download(content: Blob | string, name: string, ending: 'png' | 'csv'): void {
  const blob = typeof content === 'string' ? new Blob([content], { type: 'text/csv' }) : content
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.${ending}`
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(link.href)
  }, 10_000)
}
