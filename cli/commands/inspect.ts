import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { sha256 } from '../../formats/hash.ts'
import {
  PrewarmError,
  formatVersion,
  openProfile,
  type ModuleRecord,
  type Profile,
} from '../../formats/index.ts'
import { identifyApp } from '../../runtime/app.ts'
import { wholeNumber } from '../option-values.ts'
import { readProfileFile } from '../profile-file.ts'
import { countUses, renderInspection, type Freshness, type Inspection } from '../render/inspect.ts'

interface InspectOptions {
  readonly json?: true
  readonly app?: string
  readonly top: number
}

const examples = `
Examples:
  $ prewarm inspect app.prewarm
  $ prewarm inspect app.prewarm --app /srv/shop --top 20
  $ prewarm inspect app.prewarm --json | jq .caches`

/** `prewarm inspect`: what a profile holds and whether it still fits the files on disk. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'show what a profile holds, how big it is and whether it still fits the application',
    )
    .argument('<file>', 'profile that prewarm record wrote')
    .option('--json', 'print everything as JSON')
    .option('--app <folder>', 'folder of the application to compare with (default: this folder)')
    .option('--top <n>', 'rows of each table', wholeNumber(1), 8)
    .addHelpText('after', examples)
    .action(async (file: string, options: InspectOptions, command: Command) => {
      const inspection = await inspect(file, options.app)
      const text =
        options.json === true
          ? JSON.stringify(toJson(inspection), null, 2)
          : renderInspection(inspection, options.top)
      command.configureOutput().writeOut?.(`${text}\n`)
    })
}

async function inspect(file: string, app: string | undefined): Promise<Inspection> {
  const { bytes, profile } = await readProfileFile(file)
  return {
    file,
    sizeBytes: bytes.length,
    sectionBytes: openProfile(bytes).sizes,
    profile,
    freshness: await compareWithDisk(profile.modules, await applicationRoot(app)),
  }
}

/** The root that the recorder would find for an entry file in that folder. */
async function applicationRoot(app: string | undefined): Promise<string> {
  const folder = path.resolve(app ?? '.')
  const stats = await stat(folder).catch(() => undefined)
  if (stats?.isDirectory() !== true) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--app ${folder}: there is no such folder`)
  }
  return identifyApp(path.join(folder, 'index.js')).root
}

/** V8 gets such a module without its types or tags, so that the recorded hash is not that of the file. */
const isTranspiled = /\.(?:[cm]?ts|[jt]sx)$/

async function compareWithDisk(modules: readonly ModuleRecord[], root: string): Promise<Freshness> {
  let fresh = 0
  const changed: string[] = []
  const missing: string[] = []
  const notCompared: string[] = []
  for (const module of modules) {
    if (module.format === 'builtin' || module.sourceHash === null) continue
    const text = await readSource(path.resolve(root, module.path), module.sourceLength)
    if (text === undefined) missing.push(module.path)
    else if (isTranspiled.test(module.path)) notCompared.push(module.path)
    else if (text !== null && sha256(text) === module.sourceHash) fresh++
    else changed.push(module.path)
  }
  return { root, fresh, changed, missing, notCompared }
}

/**
 * The text of a module as V8 gets it; undefined: there is no such file; null: it cannot have `sourceLength` UTF-16
 * code units. The paths come from the profile, so nothing but files of about the right size is read.
 */
async function readSource(file: string, sourceLength: number): Promise<string | null | undefined> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) return undefined
    // Three bytes of UTF-8 a code unit at most, and three for a byte order mark.
    if (stats.size > 3 * sourceLength + 3) return null
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  } catch {
    return undefined
  }
}

/** The stable form of `--json`. */
function toJson({ file, sizeBytes, sectionBytes, profile, freshness }: Inspection): unknown {
  const { meta, modules, functions, requests, work } = profile
  const cached = modules.filter(({ cacheBytes }) => cacheBytes > 0)
  return {
    schemaVersion: 1,
    file: { path: file, sizeBytes, formatVersion, sectionBytes: Object.fromEntries(sectionBytes) },
    meta,
    counts: {
      modules: modules.length,
      startup: modules.filter((module) => module.phase === 'startup').length,
      late: modules.filter((module) => module.phase === 'late').length,
      functions: functions.length,
      servers: requests.servers.length,
      routes: requests.routes.length,
      exemplars: countUses(requests.routes.flatMap((route) => route.exemplars)),
      work: work.length,
    },
    caches: {
      count: cached.length,
      bytes: cached.reduce((total, { cacheBytes }) => total + cacheBytes, 0),
    },
    modules: modules.map((module) => moduleJson(module, modules)),
    functions: functions.map(({ module, name, line, column, selfMs, samples, tier }) => {
      return { module: modules[module]?.id, name, line, column, selfMs, samples, tier }
    }),
    routes: requests.routes.map(({ method, route, count, cold, steady, exemplars }) => {
      return { method, route, requests: count, cold, steady, exemplars: countUses(exemplars) }
    }),
    work: work.map(({ name, count, cold, steady, samples, unreplayable, obstacle }) => {
      const tried = samples.filter((sample) => sample.tried !== 'untried').length
      return {
        name,
        calls: count,
        cold,
        steady,
        kept: samples.length,
        tried,
        unreplayable,
        obstacle,
      }
    }),
    freshness,
  }
}

function moduleJson(module: ModuleRecord, modules: Profile['modules']): unknown {
  const { id, path: file, format, phase, selfMs, totalMs, requester, cacheBytes } = module
  return {
    id,
    path: file,
    format,
    phase,
    selfMs,
    totalMs,
    requester: requester === null ? null : (modules[requester]?.id ?? null),
    cacheBytes,
  }
}
