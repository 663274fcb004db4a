import { existsSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { PrewarmError } from '../../formats/errors.ts'
import { runInForeground } from '../child.ts'
import { withPreloads } from '../node-command.ts'
import { appendNames, parsePositiveDuration, wholeNumber } from '../option-values.ts'

interface RecordOptions {
  readonly out: string
  /** ms */
  readonly stopAfter?: number
  readonly stopAfterRequests?: number
  readonly redact: readonly string[]
  readonly force?: true
  readonly quiet?: true
}

const examples = `
The recording ends with the service (Ctrl-C, SIGTERM), at a limit, or when it calls stopRecording().
At a limit the profile is written and the service goes on.

Examples:
  prewarm record -o app.prewarm -- node app.js
  prewarm record -o app.prewarm --stop-after 10m -- node app.js
  prewarm record -o 'app-{pid}.prewarm' --stop-after-requests 50000 -- node cluster.js
  prewarm record --redact x-tenant,customerNumber -- npm start`

/** `prewarm record`: a service in staging, observed from its first instruction. */
export function recordCommand(): Command {
  return new Command('record')
    .description('run a service and write down what it loads, runs and is asked')
    .argument('<command...>', 'the service and its arguments, after --')
    .option('-o, --out <file>', 'profile to write; {pid}, {timestamp}, {name}', 'app.prewarm')
    .option(
      '--stop-after <duration>',
      'end the recording after 60s, 10m, ...',
      parsePositiveDuration,
    )
    .option('--stop-after-requests <n>', 'end it after so many requests', wholeNumber(1))
    .option(
      '--redact <names>',
      'more headers and keys to keep out, with commas; repeatable',
      appendNames,
      [],
    )
    .option('--force', 'overwrite the profile')
    .option('--quiet', 'do not print a line when the profile is written')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(record)
}

async function record(command: readonly string[], options: RecordOptions): Promise<void> {
  // Before npm or the service changes the folder.
  const out = path.resolve(options.out)
  if (existsSync(out) && options.force === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_EXISTS', `${options.out} exists`, {
      hint: 'Give --force to overwrite it, or another name with -o; {timestamp} makes one.',
    })
  }
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PREWARM_OUT: out,
    PREWARM_REDACT: [process.env['PREWARM_REDACT'] ?? '', ...options.redact].join(','),
  }
  if (options.stopAfter !== undefined) env['PREWARM_STOP_AFTER_MS'] = String(options.stopAfter)
  if (options.stopAfterRequests !== undefined) {
    env['PREWARM_STOP_AFTER_REQUESTS'] = String(options.stopAfterRequests)
  }
  if (options.quiet === true) env['PREWARM_QUIET'] = '1'
  const preload = new URL('../../recorder/preload.js', import.meta.url).href
  await runInForeground(withPreloads(command, [preload], env))
}
