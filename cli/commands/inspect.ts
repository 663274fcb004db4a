import { Command } from 'commander'
import { compareWithDisk } from '../../dashboard/server/module-freshness.ts'
import { originalPlaces } from '../../dashboard/server/original-places.ts'
import { formatVersion, openProfile, type ModuleRecord, type Profile } from '../../formats/index.ts'
import { applicationRoot } from '../application.ts'
import { freshnessOf } from '../freshness.ts'
import { groupBy } from '../grouping.ts'
import { wholeNumber } from '../option-values.ts'
import { readUnlockedProfile } from '../profile-file.ts'
import { countUses, renderInspection, type Inspection } from '../render/inspect.ts'
import { renderRoutes } from '../render/routes.ts'
import { effectsOf, outcomesOf, tapesOf } from '../route-facts.ts'

interface InspectOptions {
  readonly json?: true
  readonly app?: string
  readonly routes?: true
  readonly top: number
}

const examples = `
Examples:
  $ prewarm inspect app.prewarm
  $ prewarm inspect app.prewarm --app /srv/shop --top 20
  $ prewarm inspect app.prewarm --routes
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
    .option('--routes', 'print instead what the requests of each route do besides answering')
    .option('--top <n>', 'rows of each table', wholeNumber(1), 8)
    .addHelpText('after', examples)
    .action(async (file: string, options: InspectOptions, command: Command) => {
      const inspection = await inspect(file, options.app)
      command.configureOutput().writeOut?.(`${textOf(inspection, options)}\n`)
    })
}

function textOf(inspection: Inspection, { json, routes, top }: InspectOptions): string {
  if (json === true) return JSON.stringify(toJson(inspection), null, 2)
  return routes === true
    ? renderRoutes(inspection.file, inspection.profile)
    : renderInspection(inspection, top)
}

async function inspect(file: string, app: string | undefined): Promise<Inspection> {
  const { bytes, profile, lock } = await readUnlockedProfile(file)
  const root = await applicationRoot(app)
  const states = await compareWithDisk(profile.modules, root)
  return {
    file,
    sizeBytes: bytes.length,
    sectionBytes: openProfile(bytes).sizes,
    profile,
    locked: lock && `${lock.message}.\n${lock.hint ?? ''}`,
    freshness: freshnessOf(profile.modules, states, root),
    originals: await originalPlaces(profile.functions, profile.modules, root),
  }
}

/** The stable form of `--json`. */
function toJson({
  file,
  sizeBytes,
  sectionBytes,
  profile,
  locked,
  freshness,
  originals,
}: Inspection): unknown {
  const { meta, modules, functions, requests, ledger, tapes, work } = profile
  const ledgerByRoute = groupBy(ledger, ({ route }) => route)
  const tapesByRoute = groupBy(tapes, ({ route }) => route)
  const cached = modules.filter(({ cacheBytes }) => cacheBytes > 0)
  return {
    schemaVersion: 1,
    file: { path: file, sizeBytes, formatVersion, sectionBytes: Object.fromEntries(sectionBytes) },
    /** Why routes are missing; null: they are not. */
    locked: locked ?? null,
    meta,
    counts: {
      modules: modules.length,
      startup: modules.filter((module) => module.phase === 'startup').length,
      late: modules.filter((module) => module.phase === 'late').length,
      functions: functions.length,
      servers: requests.servers.length,
      routes: requests.routes.length,
      exemplars: countUses(requests.routes.flatMap((route) => route.exemplars)),
      ledger: outcomesOf(ledger),
      tapes: tapesOf(tapes),
      work: work.length,
    },
    caches: {
      count: cached.length,
      bytes: cached.reduce((total, { cacheBytes }) => total + cacheBytes, 0),
    },
    modules: modules.map((module) => moduleJson(module, modules)),
    functions: functions.map(({ module, name, line, column, selfMs, samples, tier }, index) => {
      const original = originals[index] ?? null
      return { module: modules[module]?.id, name, line, column, original, selfMs, samples, tier }
    }),
    routes: requests.routes.map(({ method, route, count, cold, steady, exemplars }, index) => {
      const entries = ledgerByRoute.get(index) ?? []
      return {
        method,
        route,
        requests: count,
        cold,
        steady,
        exemplars: countUses(exemplars),
        ledger: outcomesOf(entries),
        effects: Object.fromEntries(effectsOf(entries)),
        tapes: tapesOf(tapesByRoute.get(index) ?? []),
      }
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
