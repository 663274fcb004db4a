import path from 'node:path'
import { Command, Option } from 'commander'
import { runInForeground } from '../child.ts'
import { withPreloads } from '../node-command.ts'
import { append, parseDuration, wholeNumber } from '../option-values.ts'

interface RunOptions {
  readonly profile: string
  readonly mode?: string
  /** ms */
  readonly budget?: number
  readonly rounds?: number
  readonly rehearse?: readonly string[]
  readonly report?: string
  readonly verbose?: true
}

/** The replayer takes no more digits. */
const maxRounds = 999_999

const examples = `
The same without this command, and without its process:
  PREWARM_PROFILE=app.prewarm node --import prewarm/replay app.js

Examples:
  prewarm run -p app.prewarm -- node app.js
  prewarm run -p app.prewarm --budget 500ms --verbose -- node app.js
  prewarm run -p app.prewarm --rehearse 'POST /graphql' -- node app.js
  prewarm run -p app.prewarm --mode off -- node app.js      # kill switch`

/** `prewarm run`: a service in production, warmed up before its port opens. */
export function runCommand(): Command {
  return new Command('run')
    .description('run a service and replay its profile before the port opens')
    .argument('<command...>', 'the service and its arguments, after --')
    .addOption(
      new Option('-p, --profile <file>', 'profile that prewarm record wrote')
        .env('PREWARM_PROFILE')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'auto: start cold when the profile does not fit; strict: exit (default: auto)',
      ).choices(['auto', 'strict', 'off']),
    )
    .option('--budget <duration>', 'longest time the port may be held (default: 2s)', parseDuration)
    .option(
      '--rounds <n>',
      'most passes over the recorded routes (default: 160)',
      wholeNumber(0, maxRounds),
    )
    .option(
      '--rehearse <route>',
      "allow a route with effects, as 'POST /graphql'; repeatable",
      append,
    )
    .option('--report <file>', 'where the run report goes, or off (default: beside the profile)')
    .option('--verbose', 'print one line when the port opens')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(run)
}

/** Options go before the environment; one that is not given leaves its variable alone. */
async function run(command: readonly string[], options: RunOptions): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PREWARM_PROFILE: path.resolve(options.profile),
  }
  if (options.mode !== undefined) env['PREWARM_MODE'] = options.mode
  if (options.rehearse !== undefined) env['PREWARM_REHEARSE'] = options.rehearse.join(',')
  if (options.budget !== undefined) env['PREWARM_BUDGET'] = `${options.budget}ms`
  if (options.rounds !== undefined) env['PREWARM_ROUNDS'] = String(options.rounds)
  if (options.report !== undefined) env['PREWARM_REPORT'] = reportPath(options.report)
  if (options.verbose === true) env['PREWARM_VERBOSE'] = '1'
  const preload = new URL('../../replay.mjs', import.meta.url).href
  const isOff = env['PREWARM_MODE'] === 'off'
  await runInForeground(withPreloads(command, isOff ? [] : [preload], env))
}

/** Absolute, like the profile: `npm start` runs the service in another folder than the one of the command line. */
function reportPath(report: string): string {
  return report === 'off' ? report : path.resolve(report)
}
