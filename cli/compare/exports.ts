import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { CompareReport } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { Results } from '../../formats/results.ts'
import { renderCompareCsv } from '../render/compare-csv.ts'
import { renderCompareHtml } from '../render/compare-html.ts'
import { renderCompareJunit } from '../render/compare-junit.ts'
import { renderCompareMarkdown } from '../render/compare-markdown.ts'
import type { Judgement } from './expression.ts'
import { checkWritable, unwritableFile } from './output-file.ts'

/** All that there is to show of a measurement. */
export interface Outcome {
  readonly results: Results
  readonly report: CompareReport
  readonly judgements: readonly Judgement[]
}

type ExportFormat = 'csv' | 'json' | 'md' | 'junit' | 'html'

const formats: Readonly<Record<ExportFormat, (outcome: Outcome) => string | Promise<string>>> = {
  csv: ({ results }) => renderCompareCsv(results),
  json: ({ report }) => `${JSON.stringify(report, null, 2)}\n`,
  md: ({ report, judgements }) => renderCompareMarkdown(report, judgements),
  junit: ({ report, judgements }) => renderCompareJunit(report, judgements),
  html: ({ results }) => renderCompareHtml(results),
}

export interface Export {
  readonly format: ExportFormat
  /** null: stdout, in place of the table. */
  readonly file: string | null
}

/** Parses one more value of `--export`: `FORMAT`, or `FORMAT=FILE`. Throws commander's `InvalidArgumentError`. */
export function appendExport(text: string, earlier: readonly Export[] = []): readonly Export[] {
  const [, format = '', file = null] = /^([^=]*)(?:=(.+))?$/s.exec(text) ?? []
  if (!isFormat(format)) {
    throw new InvalidArgumentError(`Give one of ${Object.keys(formats).join(', ')}, and =FILE.`)
  }
  return [...earlier, { format, file }]
}

/** Throws `ERR_PREWARM_CLI_USAGE` when two of them go to one place, `ERR_PREWARM_CLI_WRITE` when one cannot be written. */
export function checkExports(exports: readonly Export[], isJson: boolean): void {
  const places = exports.map(({ file }) => (file === null ? 'stdout' : path.resolve(file)))
  if (isJson) places.push('stdout')
  const twice = places.find((place, index) => places.indexOf(place) < index)
  if (twice !== undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `Two exports go to ${twice}`, {
      hint: 'Give all but one a file of its own: --export csv=starts.csv. --json is an export to stdout, too.',
    })
  }
  for (const { file } of exports) if (file !== null) checkWritable(file)
}

/** Writes all of them; `print` gets what is meant for stdout. Throws `ERR_PREWARM_CLI_WRITE` only after the last one. */
export async function writeExports(
  exports: readonly Export[],
  outcome: Outcome,
  print: (text: string) => void,
): Promise<void> {
  const errors: PrewarmError[] = []
  for (const { format, file } of exports) {
    const content = await formats[format](outcome)
    if (file === null) {
      print(content)
      continue
    }
    try {
      writeFileSync(file, content)
    } catch (cause) {
      errors.push(unwritableFile(file, cause))
    }
  }
  if (errors[0] !== undefined) throw errors[0]
}

function isFormat(text: string): text is ExportFormat {
  return Object.hasOwn(formats, text)
}
