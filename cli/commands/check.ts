import { Command, Option } from 'commander'
import { formatShare } from '../../dashboard/analysis/units.ts'
import { replaySettings } from '../../formats/settings.ts'
import { readConfig } from '../../replayer/config.ts'
import { loadConfigFile } from '../../runtime/config-file.ts'
import { applicationRoot, rootOfCommand } from '../application.ts'
import { checkProfile, type CheckedProfile } from '../check/check.ts'
import { nodeFacts } from '../check/node-facts.ts'
import { namedProfile } from '../named-profile.ts'
import { parseShare } from '../option-values.ts'
import { renderCheck } from '../render/check.ts'
import { configEnvironment, configOption, settingOption } from '../setting-options.ts'
import { warnOfUnknownVariables } from '../variable-warnings.ts'

/** Exit code when less than `--min-valid` is valid. */
const tooLittle = 3

interface CheckOptions {
  readonly profile?: string
  readonly app?: string
  readonly config?: string
  /** 0 to 1 */
  readonly minValid: number
  readonly json?: true
}

const examples = `
Nothing is started. Counted are modules whose source is unchanged, by number and by the size of their code caches, and hot
functions whose source is still in their module; the least of the three shares has to be --min-valid, else the exit code is
${tooLittle}. All of them are 0 for another application, Node line or processor type, and those of code caches with another V8.
With a command after --, its Node and the folder of its file count, in place of this Node and this folder.

Examples:
  prewarm check -p app.prewarm
  prewarm check -p app.prewarm --min-valid 90% -- node app.js
  prewarm check -p app.prewarm --app /srv/shop --json | jq .freshness.changed`

/** `prewarm check`: what share of a profile is still valid for an application on disk. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('show what share of a profile is still valid for the application on disk')
    .argument('[command...]', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(async (service: readonly string[], options: CheckOptions) => {
      const checked = await check(service, options)
      const text =
        options.json === true
          ? JSON.stringify(toJson(checked), null, 2)
          : renderCheck(checked, Date.now())
      command.configureOutput().writeOut?.(`${text}\n`)
      judge(checked, options.minValid)
    })
  const own = [
    settingOption(replaySettings.profile),
    new Option(
      '--app <folder>',
      'folder of the application (default: that of the command, or this)',
    ),
    configOption(),
    new Option('--min-valid <share>', 'least part that is valid')
      .argParser(parseShare)
      .default(0.8, '80%'),
    new Option('--json', 'print everything as JSON'),
  ]
  for (const option of own) command.addOption(option)
  return command
}

async function check(service: readonly string[], options: CheckOptions): Promise<CheckedProfile> {
  warnOfUnknownVariables()
  const env = { ...process.env, ...configEnvironment(options.config) }
  if (options.profile !== undefined) env[replaySettings.profile.env] = options.profile
  const isOfCommand = options.app === undefined && service.length > 0
  const root = isOfCommand ? rootOfCommand(service) : await applicationRoot(options.app)
  const profile = namedProfile(readConfig(env, loadConfigFile(env, root)))
  return checkProfile(profile, root, await nodeFacts(service))
}

function judge({ share }: CheckedProfile, least: number): void {
  const isMissed = share === null || share < least
  const found =
    share === null
      ? 'nothing of the profile can be compared'
      : `${formatShare(share, 1)} of the profile is valid`
  process.stderr.write(`${isMissed ? '✗' : '✓'} at least ${formatShare(least, 1)}: ${found}\n`)
  if (isMissed) process.exitCode = tooLittle
}

/** The stable form of `--json`. */
function toJson(checked: CheckedProfile): unknown {
  const { file, digest, meta, here, share, kinds, keptInChanged, mismatches, freshness } = checked
  const { appId, createdAt, generation, parents, node, v8, arch, platform, codeCacheTag } = meta
  return {
    schemaVersion: 1,
    profile: file,
    digest,
    appId,
    createdAt,
    /** 0: recorded. */
    generation: generation ?? 0,
    parents: parents ?? [],
    recordedOn: { node, v8, arch, platform, codeCacheTag },
    here,
    share,
    kinds,
    keptInChanged,
    mismatches,
    freshness,
  }
}
