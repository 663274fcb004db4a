import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import { PrewarmError } from '../../formats/errors.ts'
import { recordSettings } from '../../formats/settings.ts'
import { readConfig } from '../../recorder/config.ts'
import { loadConfigFile } from '../../runtime/config-file.ts'
import { rootOfCommand } from '../application.ts'
import { runInForeground } from '../child.ts'
import { withPreloads } from '../node-command.ts'
import { appendNames, parseDuration, parsePositiveDuration, wholeNumber } from '../option-values.ts'
import {
  policyEnvironment,
  policyOptions,
  settingOption,
  type PolicyOptions,
} from '../setting-options.ts'
import { warnOfUnknownVariables } from '../variable-warnings.ts'

interface RecordOptions extends PolicyOptions {
  readonly out?: string
  /** ms */
  readonly stopAfter?: number
  readonly stopAfterRequests?: number
  readonly redact?: readonly string[]
  /** ms */
  readonly trial?: number
  readonly allowSecrets?: true
  readonly force?: true
  readonly quiet?: true
}

const examples = `
The recording ends with the service (Ctrl-C, SIGTERM), at a limit, or when it calls stopRecording().
At a limit the profile is written and the service goes on. Before it is written, every request that may be rehearsed
is sent to the service once more, alone, to learn what it does besides answering; a second Ctrl-C cuts that short.

Examples:
  prewarm record -o app.prewarm -- node app.js
  prewarm record -o app.prewarm --stop-after 10m -- node app.js
  prewarm record --rehearse 'POST /graphql' --trial 20s -- node app.js
  prewarm record --config staging.config.mjs -- node app.js
  prewarm record -o 'app-{pid}.prewarm' --stop-after-requests 50000 -- node cluster.js
  prewarm record --redact x-tenant,customerNumber --redact '$.customer.address.*' -- npm start

Values of environment variables with the names of secrets, and what looks like a credential, are not written: requests
that hold one are left out. PREWARM_SECRETS and PREWARM_SECRETS_FILE list more values, PREWARM_PROFILE_KEY (32 bytes, hex or
base64) or PREWARM_PROFILE_KEY_FILE encrypts the requests.`

/** `prewarm record`: a service in staging, observed from its first instruction. */
export function recordCommand(): Command {
  const command = new Command('record')
    .description('run a service and write down what it loads, runs and is asked')
    .argument('<command...>', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(record)
  const { out, stopAfter, stopAfterRequests, redact, allowSecrets, trial, quiet } = recordSettings
  const options = [
    settingOption(out),
    settingOption(stopAfter).argParser(parsePositiveDuration),
    settingOption(stopAfterRequests).argParser(wholeNumber(1)),
    settingOption(redact).argParser(appendNames),
    settingOption(allowSecrets),
    settingOption(trial).argParser(parseDuration),
    ...policyOptions(),
    new Option('--force', 'overwrite the profile'),
    settingOption(quiet),
  ]
  for (const option of options) command.addOption(option)
  return command
}

async function record(command: readonly string[], options: RecordOptions): Promise<void> {
  warnOfUnknownVariables()
  const { out, stopAfter, stopAfterRequests, redact, allowSecrets, trial, quiet } = recordSettings
  const env: NodeJS.ProcessEnv = { ...process.env, ...policyEnvironment(options) }
  if (options.out !== undefined) env[out.env] = options.out
  if (options.redact !== undefined) {
    env[redact.env] = [process.env[redact.env] ?? '', ...options.redact].join(',')
  }
  if (options.stopAfter !== undefined) env[stopAfter.env] = String(options.stopAfter)
  if (options.stopAfterRequests !== undefined) {
    env[stopAfterRequests.env] = String(options.stopAfterRequests)
  }
  if (options.trial !== undefined) env[trial.env] = `${options.trial}ms`
  if (options.allowSecrets === true) env[allowSecrets.env] = '1'
  if (options.quiet === true) env[quiet.env] = '1'
  // Mistakes are better told before the traffic than after it.
  const { out: file } = readConfig(env, loadConfigFile(env, rootOfCommand(command)))
  if (existsSync(file) && options.force === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_EXISTS', `${options.out ?? file} exists`, {
      hint: 'Give --force to overwrite it, or another name with -o; {timestamp} makes one.',
    })
  }
  // Absolute, before npm or the service changes the folder.
  env[out.env] = file
  const preload = new URL('../../recorder/preload.js', import.meta.url).href
  await runInForeground(withPreloads(command, [preload], env))
}
