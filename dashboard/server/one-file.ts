import type { OneFileData } from '../api.ts'

/** Stands in dist/dashboard/client/report.html where the data go, once. */
const placeholder = '"prewarm-data-goes-here"'

/**
 * A report as one HTML file: `template` is dist/dashboard/client/report.html. No text in the data can end the element that holds
 * them or begin another, since there is no `<` in it.
 */
export function embed(template: string, data: OneFileData): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  // A function, for `$&` in the data is no instruction.
  return template.replace(placeholder, () => json)
}
