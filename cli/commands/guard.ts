import { Command, Option } from 'commander'
import { PrewarmError } from '../../formats/errors.ts'
import { openProfile } from '../../formats/codec.ts'
import { replaySettings } from '../../formats/settings.ts'
import { readConfig } from '../../replayer/config.ts'
import { loadConfigFile } from '../../runtime/config-file.ts'
import { GuardFiles } from '../../runtime/guard-files.ts'
import { applicationRoot } from '../application.ts'
import { readGuardView, type GuardView } from '../guard/guard-view.ts'
import { readProfileBytes } from '../profile-file.ts'
import { renderGuard } from '../render/guard.ts'
import { configEnvironment, configOption, settingOption } from '../setting-options.ts'

interface GuardOptions {
  readonly profile?: string
  readonly stateDir?: string
  readonly config?: string
  readonly json?: true
}

const statusExamples = `
The state is that of one profile: a new one, whatever its name, begins without any.

Examples:
  prewarm guard status -p app.prewarm
  prewarm guard status -p app.prewarm --state-dir /var/lib/shop
  prewarm guard status -p app.prewarm --json | jq -e '.inForce == []'`

const clearExamples = `
The next start uses the whole profile again. Processes that run already are left alone, and what happened before is kept as history.

Examples:
  prewarm guard clear -p app.prewarm
  prewarm guard clear -p app.prewarm --state-dir /var/lib/shop`

/** `prewarm guard`: what the guard has found out about a profile, and how to take it back. */
export function guardCommand(): Command {
  const command = new Command('guard').description(
    'show what the guard holds against a profile, or clear it',
  )
  const status = new Command('status')
    .description('show what is in force for a profile, since when and why')
    .addOption(new Option('--json', 'print everything as JSON'))
    .addHelpText('after', statusExamples)
    .action(async (options: GuardOptions) => {
      const { view } = await readGuard(options)
      print(status, options, view, renderGuard(view))
    })
  const clear = new Command('clear')
    .description('take back what is in force for a profile')
    .addOption(new Option('--json', 'print what was in force as JSON'))
    .addHelpText('after', clearExamples)
    .action(async (options: GuardOptions) => {
      const { view, files } = await readGuard(options)
      clearState(files)
      print(clear, options, view, clearedSentence(view))
    })
  for (const each of [status, clear]) {
    for (const option of [
      settingOption(replaySettings.profile),
      settingOption(replaySettings.stateDir),
      configOption(),
    ]) {
      each.addOption(option)
    }
    command.addCommand(each)
  }
  return command
}

function print(command: Command, { json }: GuardOptions, view: GuardView, text: string): void {
  const out = json === true ? JSON.stringify(toJson(view), null, 2) : text
  command.configureOutput().writeOut?.(`${out}\n`)
}

async function readGuard(options: GuardOptions): Promise<{ view: GuardView; files: GuardFiles }> {
  const env = { ...process.env, ...configEnvironment(options.config) }
  if (options.profile !== undefined) env[replaySettings.profile.env] = options.profile
  if (options.stateDir !== undefined) env[replaySettings.stateDir.env] = options.stateDir
  const { profile, stateDir } = readConfig(
    env,
    loadConfigFile(env, await applicationRoot(undefined)),
  )
  if (profile === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'No profile is named', {
      hint: 'Give -p FILE, PREWARM_PROFILE, or replay.profile in a configuration file.',
    })
  }
  const opened = openProfile(await readProfileBytes(profile))
  const { digest } = opened
  const files = new GuardFiles(profile, stateDir, digest)
  const view = readGuardView({ file: profile, appId: opened.section('meta').appId, digest }, files)
  return { view, files }
}

function clearState(files: GuardFiles): void {
  files.append({ event: 'cleared' })
  if (files.trouble !== undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_STATE', `Nothing was cleared: ${files.trouble}`, {
      hint: 'Name the folder that the service uses with --state-dir, as a user who may write to it.',
    })
  }
  for (const { file, fate } of files.markers()) if (fate !== 'alive') files.claim(file)
}

function clearedSentence({ inForce, crashLoop }: GuardView): string {
  const reasons = [...new Set(inForce.map(({ reason }) => reason))]
  if (reasons.length > 0) return `Cleared: ${reasons.join(', ')}`
  return crashLoop.deaths > 0 ? 'Cleared: starts that died' : 'Nothing was in force'
}

/** The stable form of `--json`. */
function toJson({ file, trouble, ...view }: GuardView): unknown {
  return { schemaVersion: 1, profile: file, ...view, trouble: trouble ?? null }
}
