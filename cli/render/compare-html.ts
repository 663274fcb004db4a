import { readFileSync } from 'node:fs'
import { embed, oneFileData } from '../../dashboard/server/one-file.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { Results } from '../../formats/results.ts'

/** Beside the built command line. */
const template = new URL('../../dashboard/client/report.html', import.meta.url)

/** The Compare and Replay views of the dashboard with these results in one file. Throws `ERR_PREWARM_DSH_PAGE`. */
export function renderCompareHtml(results: Results): string {
  return embed(readTemplate(), oneFileData('results', results))
}

function readTemplate(): string {
  try {
    return readFileSync(template, 'utf8')
  } catch (cause) {
    throw new PrewarmError('ERR_PREWARM_DSH_PAGE', 'The page of a report is not built', {
      hint: 'In a checkout: npm run build',
      cause,
    })
  }
}
