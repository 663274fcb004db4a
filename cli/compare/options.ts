import { InvalidArgumentError, Option } from 'commander'
import { armNames, type ArmName } from '../../formats/compare-report.ts'
import {
  append,
  parseDuration,
  parsePositiveDuration,
  parseRate,
  parseRuns,
  wholeNumber,
} from '../option-values.ts'
import type { RunsRange } from './early-stop.ts'
import { appendExport, type Export } from './exports.ts'

/** Exit code when a `--fail-if` condition holds or cannot be judged. */
export const thresholdMissed = 3

/** A run keeps the latency of every request: with 100 requests a round these are 8 MB. */
const maxRounds = 10_000

export interface CompareOptions {
  readonly profile?: string
  readonly runs: RunsRange
  /** ms */
  readonly timeBudget?: number
  readonly rounds: number
  readonly perRoute: number
  readonly requests?: string
  /** Requests per second. */
  readonly rate?: number
  readonly arms: readonly ArmName[]
  readonly arm: readonly string[]
  readonly against?: string
  readonly mode: 'auto' | 'off'
  /** ms */
  readonly budget: number
  readonly rehearse: readonly string[]
  readonly save?: string
  readonly resume?: true
  readonly force?: true
  readonly from?: readonly string[]
  readonly baseline?: string
  readonly failIf: readonly string[]
  readonly export: readonly Export[]
  readonly json: boolean
  readonly seed: number
  /** ms */
  readonly listenTimeout: number
}

export const compareHelp = `
Arms: cold, node-compile-cache, prewarm; --arms takes some of them, separated by commas, or none. --arm adds one:
  NAME=VARIABLE=VALUE ...         prewarm with other environment variables
  NAME=cold VARIABLE=VALUE ...    a cold start with them
  NAME=[VARIABLE=VALUE ...] -- COMMAND ...   a command of its own, without prewarm: another Node, a warm-up script
NAME=cold and NAME=prewarm alone measure that arm once more: how far the two are apart is noise.

Examples:
  prewarm compare -p app.prewarm -- node app.js
  prewarm compare -p app.prewarm --runs 20 --json -- node app.js > compare.json
  prewarm compare -p app.prewarm --runs 10-40 --time-budget 20m --save shop.jsonl -- node app.js
  prewarm compare -p app.prewarm --runs 10-40 --time-budget 20m --save shop.jsonl --resume -- node app.js
  prewarm compare --from shop.jsonl --export md=shop.md --export csv=shop.csv
  prewarm compare -p app.prewarm --baseline main.jsonl --fail-if 'prewarm.firstRequestSumMs/baseline > 1.2' -- node app.js
  prewarm compare -p app.prewarm --fail-if 'prewarm.firstRequestSumMs/cold > 0.3' -- node app.js
  prewarm compare -p app.prewarm --arm 'short=PREWARM_BUDGET=500ms PREWARM_ROUNDS=40' -- node app.js
  prewarm compare -p app.prewarm --arm 'other=PREWARM_PROFILE=other.prewarm' -- node app.js
  prewarm compare -p app.prewarm --arm 'young=cold NODE_OPTIONS=--max-semi-space-size=64' -- node app.js
  prewarm compare -p app.prewarm --arm 'own=-- node warm-up.js' --arm 'old=-- /opt/node22/bin/node app.js' -- node app.js
  prewarm compare -p app.prewarm --arms cold --arm cache=PREWARM_ROUNDS=0 --against cold -- node app.js
  prewarm compare -p app.prewarm --requests unseen.json --rehearse 'POST /graphql' -- npm start
  prewarm compare -p app.prewarm --rate 200 --rounds 400 -- node app.js

With --rate the number of requests stays the same, so that a start takes rounds x requests / rate seconds: 400 rounds of 8
requests at 200 a second take 16 s.

A --fail-if condition is ARM.METRIC[/ARM] OPERATOR NUMBER[ms|s|MB], ARM.METRIC/baseline OPERATOR NUMBER, or
ARM.outcome != applied; when one holds, or cannot be judged, the exit code is ${thresholdMissed}. --json shows the names of all metrics.
Exports: csv (a row for every start), json, md (for a pull request), junit, html; without =FILE to stdout, in place of the table.`

/** What says how to measure: of no use where nothing is measured. */
const measuring = [
  ...['profile', 'runs', 'timeBudget', 'rounds', 'perRoute', 'requests', 'rate', 'arms', 'arm'],
  ...['mode', 'budget', 'rehearse', 'save', 'resume', 'force', 'listenTimeout'],
]

/** One line an option, in the order of `--help`. */
export const compareOptions: readonly Option[] = [
  new Option('-p, --profile <file>', 'profile to apply, and whose held-out requests to send'),
  new Option('--runs <n>', 'starts of every arm; 10-40: as many as narrow intervals take')
    .argParser(parseRuns)
    .default({ fewest: 10, most: 10 }, '10'),
  new Option('--time-budget <duration>', 'end after the run in which it is spent').argParser(
    parsePositiveDuration,
  ),
  new Option('--rounds <n>', 'passes over the requests')
    .argParser(wholeNumber(3, maxRounds))
    .default(200),
  new Option('--per-route <n>', 'most recorded requests of one route in a round')
    .argParser(wholeNumber(1))
    .default(1),
  new Option('--requests <file>', 'send the requests of this JSON file instead'),
  new Option(
    '--rate <n>',
    'open loop: so many requests a second, whatever the answers do; latency is from when one was due',
  ).argParser(parseRate),
  new Option('--arms <list>', 'what to measure').argParser(parseArms).default(armNames, 'all'),
  new Option('--arm <definition>', 'measure something else, too; repeatable')
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
  new Option('--save <file>', 'keep every start in this file as it ends'),
  new Option('--resume', 'go on with the file of --save').conflicts('force'),
  new Option('--force', 'overwrite the file of --save'),
  new Option('--from <file>', 'measure nothing, show what --save has kept')
    .argParser(append)
    .conflicts(measuring),
  new Option('--baseline <file>', 'show changes since an earlier --save or --json'),
  new Option('--fail-if <condition>', 'exit with 3 when it holds; repeatable')
    .argParser(append)
    .default([], 'none'),
  new Option('--export <format[=file]>', 'csv, json, md, junit or html; repeatable')
    .argParser(appendExport)
    .default([], 'none'),
  new Option('--json', 'print the report as JSON').default(false),
  new Option('--seed <n>', 'of the bootstrap intervals').argParser(wholeNumber(0)).default(1),
  new Option('--listen-timeout <duration>', 'longest wait for the service to listen')
    .argParser(parsePositiveDuration)
    .default(30_000, '30s'),
]

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
