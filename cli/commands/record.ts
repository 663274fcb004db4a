import { existsSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { PrewarmError } from '../../formats/errors.ts'
import { readConfig } from '../../recorder/config.ts'
import { runInForeground } from '../child.ts'
import { withPreloads } from '../node-command.ts'
import { appendNames, parsePositiveDuration, wholeNumber } from '../option-values.ts'

interface RecordOptions {
  readonly out: string
  /** ms */
  readonly stopAfter?: number
  readonly stopAfterRequests?: number
  readonly redact: readonly string[]
  readonly allowSecrets?: true
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
  prewarm record --redact x-tenant,customerNumber --redact '$.customer.address.*' -- npm start

Values of environment variables with the names of secrets, and what looks like a credential, are not written: requests
that hold one are left out. PREWARM_SECRETS and PREWARM_SECRETS_FILE list more values, PREWARM_PROFILE_KEY (32 bytes, hex or
base64) or PREWARM_PROFILE_KEY_FILE encrypts the requests.`

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
      'more headers, keys and $.json.paths to keep out, with commas; repeatable',
      appendNames,
      [],
    )
    .option('--allow-secrets', 'write the profile even when it holds what may be a secret')
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
  if (options.allowSecrets === true) env['PREWARM_ALLOW_SECRETS'] = '1'
  if (options.quiet === true) env['PREWARM_QUIET'] = '1'
  // Refused here, rather than by a preload of a service that then runs unrecorded.
  readConfig(env)
  const preload = new URL('../../recorder/preload.js', import.meta.url).href
  await runInForeground(withPreloads(command, [preload], env))
}
