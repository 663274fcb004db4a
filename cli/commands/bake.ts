import { lstatSync } from 'node:fs'
import path from 'node:path'
import { Command, Option } from 'commander'
import { openProfile } from '../../formats/codec.ts'
import { PrewarmError } from '../../formats/errors.ts'
import { replaySettings } from '../../formats/settings.ts'
import { formatShare } from '../../dashboard/analysis/units.ts'
import { cacheFolderOf } from '../../runtime/compile-cache/layout.ts'
import { applicationRoot, rootOfCommand } from '../application.ts'
import { bake } from '../bake/bake.ts'
import type { Baked } from '../bake/baked.ts'
import { sum } from '../grouping.ts'
import { append, parseShare } from '../option-values.ts'
import { readProfileBytes } from '../profile-file.ts'
import { renderBake, type BakeView } from '../render/bake.ts'
import { settingOption } from '../setting-options.ts'

/** Exit code when less than `--min-baked` was baked. */
const tooLittle = 3
/** root; `node` of the official images; `nonroot` of distroless ones; nobody. */
const usualUsers = [0, 1000, 65_532, 65_534]

interface BakeOptions {
  readonly profile?: string
  readonly app?: string
  readonly cacheDir?: string
  readonly user: readonly string[]
  readonly for?: string
  /** 0 to 1 */
  readonly minBaked?: number
  readonly json?: true
}

const examples = `
To be run where the image is built, once the application lies where it will run: nothing of it is started. The folder may be
read-only afterwards, and belongs to whoever has built it. Where Node.js allows it (24.12 and later), application and folder
may move together. Node looks for caches by user number up to Node 24: those of root, node, nonroot and nobody are known.

Examples:
  prewarm bake -p app.prewarm -- node app.js
  prewarm bake -p app.prewarm --for production --user 10001 -- node --max-old-space-size=512 app.js
  prewarm bake -p app.prewarm --min-baked 95% --json -- node app.js`

/** `prewarm bake`: the code caches of a profile for this machine, before anything runs on it. */
export function bakeCommand(): Command {
  const command = new Command('bake')
    .description('write the code caches that Node itself will read, for this Node and this machine')
    .argument('[command...]', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(async (service: readonly string[], options: BakeOptions) => {
      const view = await bakeProfile(service, options)
      const text = options.json === true ? toJson(view) : renderBake(view)
      command.configureOutput().writeOut?.(`${text}\n`)
      judge(view.baked, options.minBaked)
    })
  const { profile, cacheDir } = replaySettings
  const options = [
    settingOption(profile),
    settingOption(cacheDir),
    new Option('--app <folder>', 'the application, where no command says which'),
    new Option('--user <number>', 'user who will run it, where it is another one; repeatable')
      .argParser(append)
      .default([], 'root, node, nonroot, nobody'),
    new Option(
      '--for <environment>',
      'NODE_ENV of production, to be told if the profile is of another',
    ),
    new Option('--min-baked <share>', 'least part of the recorded modules, as 95%').argParser(
      parseShare,
    ),
    new Option('--json', 'print everything as JSON'),
  ]
  for (const option of options) command.addOption(option)
  return command
}

async function bakeProfile(service: readonly string[], options: BakeOptions): Promise<BakeView> {
  const named = options.profile ?? process.env[replaySettings.profile.env]
  if (!named) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'No profile is named', {
      hint: 'Give -p FILE or PREWARM_PROFILE.',
    })
  }
  const profile = path.resolve(named)
  const folder = options.cacheDir ?? process.env[replaySettings.cacheDir.env]
  if (folder === 'off') {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'The folder of code caches is off', {
      hint: 'Give --cache-dir FOLDER, or unset PREWARM_CACHE_DIR.',
    })
  }
  const meta = openProfile(await readProfileBytes(profile)).section('meta')
  const isCommand = options.app === undefined && service.length > 0
  const root = isCommand ? rootOfCommand(service) : await applicationRoot(options.app)
  const order = {
    profile,
    folder: folder ? path.resolve(folder) : cacheFolderOf(profile),
    root,
    users: [...usualUsers, ownerOf(root), ...options.user.map(userNumber)],
  }
  const warnings: string[] = []
  if (options.for !== undefined && meta.nodeEnv !== undefined && meta.nodeEnv !== options.for) {
    warnings.push(
      `The profile was recorded with NODE_ENV=${meta.nodeEnv}: with NODE_ENV=${options.for} late modules are not loaded early (ENV_MISMATCH).`,
    )
  }
  return { file: profile, baked: await bake(order, service), warnings }
}

function ownerOf(folder: string): number {
  return lstatSync(folder).uid
}

function userNumber(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number < 2 ** 32) return number
  throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--user ${text}: not a user number`, {
    hint: 'Give the number that `id -u NAME` prints.',
  })
}

function judge({ kinds }: Baked, least: number | undefined): void {
  if (least === undefined) return
  const [made, recorded] = [sum(kinds, ({ baked }) => baked), sum(kinds, (kind) => kind.recorded)]
  const isMissed = recorded === 0 || made / recorded < least
  process.stderr.write(
    `${isMissed ? '✗' : '✓'} at least ${formatShare(least, 1)}: ${formatShare(made, recorded)} of the recorded modules are baked\n`,
  )
  if (isMissed) process.exitCode = tooLittle
}

/** The stable form of `--json`. */
function toJson({ file, baked, warnings }: BakeView): string {
  return JSON.stringify({ schemaVersion: 1, profile: file, ...baked, warnings }, null, 2)
}
