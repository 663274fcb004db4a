import { evaluate } from '../../dashboard/analysis/evaluate.ts'
import type { Results } from '../../formats/results.ts'
import { renderCompare } from './compare.ts'

/** WIRE: the page of the dashboard with these results in it, one file. Until then, the text. May return a promise. */
export function renderHtml(results: Results): string {
  const text = renderCompare(evaluate(results)).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html>\n<meta charset="utf-8">\n<title>prewarm compare</title>\n<pre>${text}</pre>\n`
}
