import { html, svg, type TemplateResult } from 'lit'
import type { StartModule } from '../../../../formats/start-report.ts'

type LoadTimes = Pick<StartModule, 'resolveMs' | 'readMs' | 'compileMs' | 'evaluateMs'>

/** What loading took, in its parts; the numbers stand beside it. */
export function loadBar(times: LoadTimes, wholeMs: number): TemplateResult {
  const at = (ms: number): string => `${((100 * ms) / (wholeMs || 1)).toFixed(3)}%`
  let fromMs = 0
  const pieces = [
    ['resolve', times.resolveMs],
    ['read', times.readMs],
    ['compile', times.compileMs],
    ['evaluate', times.evaluateMs],
  ] as const
  return html`<svg height="14" aria-hidden="true">
    ${pieces.map(([phase, ms]) => {
      const x = at(fromMs)
      fromMs += ms
      return svg`<rect class=${`fill ${phase}`} x=${x} width=${at(ms)} height="14" />`
    })}
  </svg>`
}
