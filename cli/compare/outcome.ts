import { withBaseline, type Baseline } from '../../dashboard/analysis/baseline.ts'
import { evaluate } from '../../dashboard/analysis/evaluate.ts'
import type { Results } from '../../formats/results.ts'
import { renderCompare } from '../render/compare.ts'
import { writeExports, type Export, type Outcome } from './exports.ts'
import { judge, type Expression } from './expression.ts'

/** Evaluates results as often as asked: the same ones give the same outcome. */
export function outcomeOf(
  results: Results,
  conditions: readonly Expression[],
  baseline: Baseline | null,
): Outcome {
  const plain = evaluate(results)
  const report = baseline === null ? plain : withBaseline(plain, results, baseline)
  return { results, report, judgements: conditions.map((one) => judge(one, report)) }
}

/** Prints the table, or what takes its place, and the conditions; writes the exports. `ERR_PREWARM_CLI_WRITE` comes last. */
export async function showOutcome(
  outcome: Outcome,
  exports: readonly Export[],
  isJson: boolean,
): Promise<void> {
  const print = (text: string): void => {
    process.stdout.write(text)
  }
  if (isJson) print(`${JSON.stringify(outcome.report, null, 2)}\n`)
  else if (exports.every(({ file }) => file !== null)) print(renderCompare(outcome.report))
  for (const { expression, isMissed, found } of outcome.judgements) {
    process.stderr.write(`${isMissed ? '✗' : '✓'} fail if ${expression.text}: ${found}\n`)
  }
  await writeExports(exports, outcome, print)
}
