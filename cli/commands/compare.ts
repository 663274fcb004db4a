import path from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { evaluate } from '../../dashboard/analysis/evaluate.ts'
import { armNames, type ArmName, type CompareReport } from '../../formats/compare-report.ts'
import { digestOf } from '../../formats/container.ts'
import { PrewarmError } from '../../formats/errors.ts'
import { isReplaying } from '../compare/arms.ts'
import { parseDefinedArms } from '../compare/defined-arms.ts'
import { judge, parseExpression } from '../compare/expression.ts'
import { progressOn } from '../compare/progress.ts'
import { measureService } from '../compare/measurement.ts'
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
  readonly arm: readonly string[]
  readonly against?: string
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
Arms: cold, node-compile-cache, prewarm; --arms takes some of them, separated by commas, or none.
--arm adds one that is prewarm with other environment variables: NAME=VARIABLE=VALUE [VARIABLE=VALUE ...].

Examples:
  prewarm compare -p app.prewarm -- node app.js
  prewarm compare -p app.prewarm --runs 20 --json -- node app.js > compare.json
  prewarm compare -p app.prewarm --fail-if 'prewarm.firstRequestSumMs/cold > 0.3' -- node app.js
  prewarm compare -p app.prewarm --arm 'short=PREWARM_BUDGET=500ms PREWARM_ROUNDS=40' -- node app.js
  prewarm compare -p app.prewarm --arms cold --arm cache=PREWARM_ROUNDS=0 --against cold -- node app.js
  prewarm compare -p app.prewarm --requests unseen.json --rehearse 'POST /graphql' -- npm start

A --fail-if condition is ARM.METRIC[/ARM] OPERATOR NUMBER[ms|s|MB], or ARM.outcome != applied;
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
  new Option('--arm <definition>', 'measure prewarm with other variables, too; repeatable')
    .argParser(append)
    .default([], 'none'),
  new Option('--against <arm>', 'compare every other arm with this one'),
  new Option('--mode <mode>', 'of the arms with prewarm').choices(['auto', 'off']).default('auto'),
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
  const { arms, against, profile, requests, rehearse } = options
  const defined = parseDefinedArms(options.arm)
  const names = [...arms, ...defined.map(({ name }) => name)]
  checkArms(names, against)
  const conditions = options.failIf.map((text) => parseExpression(text, names, against))
  const isReplayed = names.some(isReplaying)
  if (profile === undefined && (requests === undefined || isReplayed)) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'No profile is named', {
      hint: 'Give -p FILE, or --requests FILE with other --arms.',
    })
  }
  const read = profile === undefined ? null : await readProfileFile(profile)
  const recorded = read && withoutBroken(read.profile)
  const given = requests === undefined ? null : readRequestsFile(requests)
  const replay =
    profile !== undefined && read !== null && isReplayed
      ? {
          ...options,
          budgetMs: options.budget,
          profile: path.resolve(profile),
          digest: digestOf(read.bytes),
        }
      : null
  const progress = progressOn(process.stderr, options.runs)
  const results = await inWorkDir((workDir, signal) =>
    measureService(
      {
        ...options,
        command,
        defined,
        against,
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
  const report = evaluate(results)
  process.stdout.write(
    options.json ? `${JSON.stringify(report, null, 2)}\n` : renderCompare(report),
  )
  judgeAll(conditions, report)
}

function checkArms(names: readonly string[], against: string | undefined): void {
  if (names.length === 0) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', '--arms none: nothing is left to measure', {
      hint: "Add arms, as in --arm 'short=PREWARM_BUDGET=500ms'.",
    })
  }
  if (against !== undefined && !names.includes(against)) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--against ${against}: it is not measured`, {
      hint: `Arms: ${names.join(', ')}.`,
    })
  }
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
  if (text === 'none') return []
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !(armNames as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `There is no arm "${unknown}"; there are ${armNames.join(', ')}.`,
    )
  }
  return armNames.filter((name) => names.includes(name))
}
