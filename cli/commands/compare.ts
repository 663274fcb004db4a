import path from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { CompareReport } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import { armNames, type ArmName } from '../compare/arms.ts'
import { judge, parseExpression } from '../compare/expression.ts'
import { progressOn } from '../compare/progress.ts'
import { compareService } from '../compare/report.ts'
import { withoutBroken } from '../compare/requests.ts'
import { readRequestsFile } from '../compare/requests-file.ts'
import { inWorkDir } from '../compare/work-dir.ts'
import { append, parseDuration, parsePositiveDuration, wholeNumber } from '../option-values.ts'
import { readProfileFile } from '../profile-file.ts'
import { renderCompare } from '../render/compare.ts'

/** Exit code when a `--fail-if` condition holds or cannot be judged. */
const thresholdMissed = 3

/** A run keeps the latency of every request: with 100 requests a round these are 8 MB. */
const maxRounds = 10_000

interface CompareOptions {
  readonly profile?: string
  readonly runs: number
  readonly rounds: number
  readonly perRoute: number
  readonly requests?: string
  readonly arms: readonly ArmName[]
  readonly mode: 'auto' | 'off'
  /** ms */
  readonly budget: number
  readonly rehearse: readonly string[]
  readonly failIf: readonly string[]
  readonly json: boolean
  readonly seed: number
  /** ms */
  readonly listenTimeout: number
}

const examples = `
Arms: cold, node-compile-cache, prewarm; --arms takes some of them, separated by commas.

Examples:
  prewarm compare -p app.prewarm -- node app.js
  prewarm compare -p app.prewarm --runs 20 --json -- node app.js > compare.json
  prewarm compare -p app.prewarm --fail-if 'prewarm.firstRequestSumMs/cold > 0.3' -- node app.js
  prewarm compare -p app.prewarm --requests unseen.json --rehearse 'POST /graphql' -- npm start

A --fail-if condition is ARM.METRIC[/ARM] OPERATOR NUMBER[ms|s|MB], or prewarm.outcome != applied;
when one holds, or cannot be judged, the exit code is ${thresholdMissed}. --json shows the names of all metrics.`

/** One line an option, in the order of `--help`. */
const optionTable: readonly Option[] = [
  new Option('-p, --profile <file>', 'profile to apply, and whose held-out requests to send'),
  new Option('--runs <n>', 'starts of every arm').argParser(wholeNumber(1)).default(10),
  new Option('--rounds <n>', 'passes over the requests')
    .argParser(wholeNumber(3, maxRounds))
    .default(200),
  new Option('--per-route <n>', 'most recorded requests of one route in a round')
    .argParser(wholeNumber(1))
    .default(1),
  new Option('--requests <file>', 'send the requests of this JSON file instead'),
  new Option('--arms <list>', 'what to measure').argParser(parseArms).default(armNames, 'all'),
  new Option('--mode <mode>', 'of the prewarm arm').choices(['auto', 'off']).default('auto'),
  new Option('--budget <duration>', 'for the replayer')
    .argParser(parseDuration)
    .default(2000, '2s'),
  new Option('--rehearse <route>', "allow a route with effects, as 'POST /graphql'; repeatable")
    .argParser(append)
    .default([], 'none'),
  new Option('--fail-if <condition>', 'exit with 3 when it holds; repeatable')
    .argParser(append)
    .default([], 'none'),
  new Option('--json', 'print the report as JSON').default(false),
  new Option('--seed <n>', 'of the bootstrap intervals').argParser(wholeNumber(0)).default(1),
  new Option('--listen-timeout <duration>', 'longest wait for the service to listen')
    .argParser(parsePositiveDuration)
    .default(30_000, '30s'),
]

/** `prewarm compare`: how a service starts cold, with Node's own compile cache, and with prewarm. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description("measure cold starts, Node's own compile cache and prewarm side by side")
    .argument('<command...>', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(compare)
  for (const option of optionTable) command.addOption(option)
  return command
}

async function compare(command: readonly string[], options: CompareOptions): Promise<void> {
  const { arms, profile, requests, rehearse } = options
  const conditions = options.failIf.map((text) => parseExpression(text, arms))
  if (profile === undefined && (requests === undefined || arms.includes('prewarm'))) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'No profile is named', {
      hint: 'Give -p FILE, or --requests FILE with other --arms.',
    })
  }
  const recorded =
    profile === undefined ? null : withoutBroken((await readProfileFile(profile)).profile)
  const given = requests === undefined ? null : readRequestsFile(requests)
  const replay =
    profile !== undefined && arms.includes('prewarm')
      ? { ...options, budgetMs: options.budget, profile: path.resolve(profile) }
      : null
  const progress = progressOn(process.stderr, options.runs)
  const report = await inWorkDir((workDir, signal) =>
    compareService(
      {
        ...options,
        command,
        listenTimeoutMs: options.listenTimeout,
        recorded,
        given,
        replay,
        rehearse,
        workDir,
        signal,
      },
      progress,
    ),
  ).finally(progress.clear)
  process.stdout.write(
    options.json ? `${JSON.stringify(report, null, 2)}\n` : renderCompare(report),
  )
  judgeAll(conditions, report)
}

function judgeAll(
  conditions: readonly ReturnType<typeof parseExpression>[],
  report: CompareReport,
) {
  for (const { expression, isMissed, found } of conditions.map((one) => judge(one, report))) {
    process.stderr.write(`${isMissed ? '✗' : '✓'} fail if ${expression.text}: ${found}\n`)
    if (isMissed) process.exitCode = thresholdMissed
  }
}

function parseArms(text: string): readonly ArmName[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !(armNames as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `There is no arm "${unknown}"; there are ${armNames.join(', ')}.`,
    )
  }
  return armNames.filter((name) => names.includes(name))
}
