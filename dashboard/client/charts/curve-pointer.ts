import type { Stretch } from './curve-overlay.ts'

/** What a pointer over the plot comes to; places are pixels from the left edge of the plot. */
export interface PointerActions {
  hover(left: number | null): void
  /** While a stretch is dragged over; null: it ended. */
  brush(stretch: Stretch | null): void
  select(from: number, to: number): void
  /** By the wheel with Ctrl, as browsers send pinches on a touchpad, too. */
  zoom(factor: number, around: number): void
  reset(): void
}

/** A shorter drag is a click. */
const leastPixels = 6
const wheelSpeed = 0.004

/** Listens on the plot for as long as the signal lasts. */
export function listenToPointer(
  plot: HTMLElement,
  actions: PointerActions,
  signal: AbortSignal,
): void {
  let start: number | null = null
  let turned = 0
  let isTurning = false
  const leftOf = (event: MouseEvent): number => event.clientX - plot.getBoundingClientRect().left
  const end = (): void => {
    start = null
    actions.brush(null)
  }
  plot.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return
      start = leftOf(event)
      plot.setPointerCapture(event.pointerId)
    },
    { signal },
  )
  plot.addEventListener(
    'pointermove',
    (event) => {
      const left = leftOf(event)
      if (start !== null && Math.abs(left - start) >= leastPixels) {
        actions.brush({ from: Math.min(start, left), to: Math.max(start, left) })
      }
      actions.hover(left)
    },
    { signal },
  )
  plot.addEventListener(
    'pointerup',
    (event) => {
      const from = start
      const to = leftOf(event)
      end()
      if (from !== null && Math.abs(to - from) >= leastPixels) {
        actions.select(Math.min(from, to), Math.max(from, to))
      }
    },
    { signal },
  )
  plot.addEventListener('pointercancel', end, { signal })
  plot.addEventListener(
    'pointerleave',
    () => {
      if (start === null) actions.hover(null)
    },
    { signal },
  )
  plot.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape') end()
    },
    { signal },
  )
  plot.addEventListener('dblclick', actions.reset, { signal })
  plot.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      turned += event.deltaY
      if (isTurning) return
      // A wheel turns faster than curves are drawn.
      isTurning = true
      const left = leftOf(event)
      requestAnimationFrame(() => {
        actions.zoom(Math.exp(turned * wheelSpeed), left)
        turned = 0
        isTurning = false
      })
    },
    { signal, passive: false },
  )
}
