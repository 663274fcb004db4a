import { loadMsOf } from '../../dashboard/analysis/start-times.ts'
import { formatBytes, formatCount, formatMs } from '../../dashboard/analysis/units.ts'
import type {
  LazyCandidates,
  StartAdvice,
  StartArm,
  StartModule,
} from '../../formats/start-report.ts'
import type { FileCalls } from './calls.ts'
import { costOf, Needed, type LoadedGraph } from './lazy.ts'
import type { RawTrace } from './raw-trace.ts'

/** What advice is drawn from: all of the cold arm. */
export interface Findings {
  readonly arm: StartArm
  readonly trace: RawTrace
  readonly lazy: LazyCandidates | null
  readonly graph: LoadedGraph
  /** By name of a file; null: not counted. */
  readonly calls: ReadonlyMap<string, FileCalls> | null
  /** Size of the package.json of a package and of `exports` in it; undefined: it cannot be read. */
  readonly manifestOf: (
    module: StartModule,
  ) => { readonly sizeBytes: number; readonly exportsBytes: number } | undefined
  readonly hasProfile: boolean
}

const mostAdvice = 10
const mostEvidence = 6
/** Shares of the start below which nothing is said. */
const leastShare = 0.01
const leastMs = 2

/** At most ten things that could be changed, those that would save the most first. */
export function adviseOn(findings: Findings): readonly StartAdvice[] {
  const { tracedMs } = findings.arm
  const least = Math.max(leastMs, leastShare * tracedMs)
  const all = [
    ...uncalledPackages(findings),
    ...copies(findings),
    ...manifests(findings),
    ...barrels(findings),
    ...bigJson(findings),
    ...syncCalls(findings),
    ...waiting(findings),
    ...slowTopLevels(findings),
    ...manyModules(findings),
    ...development(findings),
    ...newerNode(findings),
    ...withoutProfile(findings),
  ]
  const unmeasured = all.filter(({ ms }) => ms === null)
  const measured = all
    .filter(({ ms }) => ms !== null && ms >= least)
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0))
    .slice(0, mostAdvice - unmeasured.length)
  return [...measured, ...unmeasured].map((advice) => ({
    ...advice,
    evidence: advice.evidence.slice(0, mostEvidence),
  }))
}

function uncalledPackages({ lazy, arm }: Findings): StartAdvice[] {
  if (lazy === null) return []
  const { observeMs, isRehearsed } = lazy
  const when = `until ${formatMs(observeMs)} after listening`
  const basis =
    isRehearsed === 'yes'
      ? 'recorded requests were rehearsed meanwhile'
      : 'give -p, so that recorded requests count, or send some meanwhile'
  return lazy.packages.slice(0, 4).map((found) => {
    const { package: name, ms, modules, uncalled, called, sizeBytes } = found
    const what = name === '' ? 'the application' : name
    const isWhole = called === 0
    return {
      kind: 'uncalled-package',
      title: isWhole
        ? `Load ${what} when it is needed: none of its functions was called ${when}`
        : `Load parts of ${what} when they are needed: ${count(uncalled, 'module')} of ${formatCount(uncalled + called)} were not called ${when}`,
      ms,
      evidence: [
        `${count(modules, 'module')} of ${formatBytes(sizeBytes)} would not be loaded, with what only they load`,
        ...requestersOf(arm, name),
        ...lazy.modules
          .filter(({ module }) => arm.modules[module]?.package === name)
          .slice(0, 3)
          .map((each) => `${arm.modules[each.module]?.id ?? ''}: ${formatMs(each.ms)}`),
        basis,
      ],
    }
  })
}

function requestersOf({ modules }: StartArm, name: string): string[] {
  const first = modules.find((module) => module.package === name && name !== '')
  const asking = first?.requester === null ? undefined : modules[first?.requester ?? -1]
  return asking === undefined ? [] : [`first asked for by ${asking.id}`]
}

function copies({ arm }: Findings): StartAdvice[] {
  const byName = new Map<string, Map<string, number>>()
  for (const module of arm.modules) {
    const { package: name, path, id } = module
    if (name === '') continue
    const at = name.lastIndexOf('@')
    const bare = name.slice(0, at)
    const inside = id.slice(name.length)
    // The application may be installed as a package itself.
    const folder = `/${path}`.slice(1, -inside.length) || '.'
    const places = byName.get(bare) ?? new Map<string, number>()
    const place = `${name.slice(at + 1)} in ${folder}`
    places.set(place, (places.get(place) ?? 0) + loadMsOf(module))
    byName.set(bare, places)
  }
  return [...byName].flatMap(([name, places]): StartAdvice[] => {
    if (places.size < 2) return []
    const sorted = [...places].sort(([, a], [, b]) => b - a)
    const ms = sorted.slice(1).reduce((sum, [, each]) => sum + each, 0)
    return [
      {
        kind: 'two-copies',
        title: `${count(places.size, 'copy', 'copies')} of ${name} are loaded: let versions agree, so that one is`,
        ms,
        evidence: sorted.map(([place, each]) => `${place}: ${formatMs(each)}`),
      },
    ]
  })
}

/** Every look-up in a package goes through its `exports`. */
function manifests({ arm, manifestOf }: Findings): StartAdvice[] {
  return [...groupsOf(arm.modules)].flatMap(([name, modules]): StartAdvice[] => {
    const [first] = modules
    if (name === '' || first === undefined) return []
    const ms = sum(modules, ({ resolveMs }) => resolveMs)
    const requests = sum(modules, (module) => module.requests)
    const manifest = manifestOf(first)
    if (manifest === undefined || manifest.sizeBytes < 16 * 1024) return []
    return [
      {
        kind: 'package-json',
        title: `Finding modules of ${name} takes ${formatMs(ms)}: import it in fewer places, or bundle it`,
        ms,
        evidence: [
          `asked for ${count(requests, 'time')}, ${count(modules.length, 'module')}`,
          `its package.json has ${formatBytes(manifest.sizeBytes)}, ${formatBytes(manifest.exportsBytes)} of it "exports"`,
        ],
      },
    ]
  })
}

const leastOfBarrel = 10
const mostBarrels = 2

/** Modules that have no function of their own and load many others of their package, most of which were not called. */
function barrels({ arm, graph, calls }: Findings): StartAdvice[] {
  if (calls === null) return []
  const { modules } = arm
  const callsOf = (index: number): FileCalls | undefined =>
    calls.get(graph.modules[index]?.file ?? '')
  const loads = new Map<number, Set<number>>()
  for (const [from, to] of graph.edges) {
    const barrel = modules[from]
    if (barrel?.package !== modules[to]?.package || callsOf(from)?.functions !== 0) continue
    loads.set(from, (loads.get(from) ?? new Set()).add(to))
  }
  const needed = new Needed(graph, calls)
  return [...loads]
    .filter(([, parts]) => parts.size >= leastOfBarrel)
    .flatMap(([from, parts]): StartAdvice[] => {
      const uncalled = [...parts].filter((part) => callsOf(part)?.called === 0)
      const saved = needed.withoutLoads(from, new Set(uncalled))
      return [
        {
          kind: 'barrel',
          title: `${modules[from]?.id ?? ''} only passes on ${count(parts.size, 'module')}, of which ${formatCount(uncalled.length)} were not called: import what is needed by its own path`,
          ms: costOf(graph, saved),
          evidence: [
            `${count(saved.size, 'module')} would not be loaded`,
            ...[...saved]
              .flatMap((index) => modules[index] ?? [])
              .sort((a, b) => loadMsOf(b) - loadMsOf(a))
              .map((part) => `${part.id}: ${formatMs(loadMsOf(part))}`),
          ],
        },
      ]
    })
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0))
    .slice(0, mostBarrels)
}

function bigJson({ arm }: Findings): StartAdvice[] {
  return arm.modules.flatMap((module): StartAdvice[] => {
    const { format, sizeBytes, id, readMs, evaluateMs } = module
    if (format !== 'json' || (sizeBytes ?? 0) < 50_000) return []
    return [
      {
        kind: 'big-json',
        title: `${id} is ${formatBytes(sizeBytes ?? 0)} of JSON: load it when it is needed, or less of it`,
        ms: readMs + evaluateMs,
        evidence: [`reading ${formatMs(readMs)}, parsing ${formatMs(evaluateMs)}`],
      },
    ]
  })
}

function syncCalls({ arm, trace }: Findings): StartAdvice[] {
  const byModule = new Map<number, RawTrace['syncCalls'][number][]>()
  for (const call of trace.syncCalls) {
    byModule.set(call.file, [...(byModule.get(call.file) ?? []), call])
  }
  return [...byModule].flatMap(([index, calls]): StartAdvice[] => {
    const module = arm.modules[index]
    if (module === undefined) return []
    const ms = sum(calls, (call) => call.ms)
    return [
      {
        kind: 'sync-calls',
        title: `${module.id} keeps everything waiting for ${formatMs(ms)} while it is loaded`,
        ms,
        evidence: [...calls]
          .sort((a, b) => b.ms - a.ms)
          .map(({ call, about, ms: each }) => `${call} ${about}: ${formatMs(each)}`),
      },
    ]
  })
}

function waiting({ arm, trace }: Findings): StartAdvice[] {
  const ms = phaseMs(arm, 'wait')
  const targets = [...new Set(trace.connections.map(({ to }) => to))]
  return [
    {
      kind: 'waiting',
      title: `The process waits for ${formatMs(ms)} before it listens: wait for several things at once, or listen meanwhile`,
      ms,
      evidence: targets.map((to) => {
        const first = trace.connections.find((each) => each.to === to)
        return `connects to ${to} after ${formatMs(first?.atMs ?? 0)}`
      }),
    },
  ]
}

function slowTopLevels({ arm, trace }: Findings): StartAdvice[] {
  const waited = new Map<number, number>()
  for (const { file, ms } of trace.syncCalls) waited.set(file, (waited.get(file) ?? 0) + ms)
  return arm.modules
    .map((module, index) => ({ module, ms: module.evaluateMs - (waited.get(index) ?? 0) }))
    .filter(({ ms, module }) => ms >= 10 && module.format !== 'json')
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 3)
    .map(({ module, ms }) => ({
      kind: 'slow-top-level',
      title: `The top level of ${module.id} works for ${formatMs(ms)}: compute it at build time, or when it is needed`,
      ms,
      evidence:
        module.compileMs < 1 ? [] : [`compiling it takes ${formatMs(module.compileMs)} besides`],
    }))
}

function manyModules({ arm, hasProfile }: Findings): StartAdvice[] {
  const { modules } = arm
  if (modules.length < 200) return []
  const ms = phaseMs(arm, 'resolve') + phaseMs(arm, 'read')
  return [
    {
      kind: 'many-modules',
      title: `${count(modules.length, 'module')} are found and read one by one: bundle them${hasProfile ? '' : ', or start with prewarm'}`,
      ms,
      evidence: [
        `finding ${formatMs(phaseMs(arm, 'resolve'))}, reading ${formatMs(phaseMs(arm, 'read'))}`,
      ],
    },
  ]
}

/** What packages load in place of their production build. */
const developmentBuild = /[./-]development(\.|\/)|\/dev\/index\./

function development({ arm, trace }: Findings): StartAdvice[] {
  if (trace.nodeEnv === 'production') return []
  const builds = arm.modules.filter(({ id, package: name }) => {
    return name !== '' && developmentBuild.test(id.slice(name.length))
  })
  return [
    {
      kind: 'development',
      title: `NODE_ENV is ${trace.nodeEnv ?? 'not set'}: set it to production`,
      ms: null,
      evidence: builds.map((module) => `${module.id}: ${formatMs(loadMsOf(module))}`),
    },
  ]
}

function newerNode({ trace, hasProfile }: Findings): StartAdvice[] {
  const line = Number(/^v(\d+)/.exec(trace.node)?.[1] ?? NaN)
  if (!(line < 24)) return []
  return [
    {
      kind: 'newer-node',
      title: 'A newer line of Node.js can start faster; run this command with it',
      ms: null,
      evidence: [
        `this is Node ${trace.node}`,
        ...(hasProfile && line < 22
          ? ['from Node 22 on, ES modules are compiled from code caches, too']
          : []),
      ],
    },
  ]
}

function withoutProfile({ arm, hasProfile }: Findings): StartAdvice[] {
  if (hasProfile) return []
  return [
    {
      kind: 'no-profile',
      title: 'Record a profile and give it with -p: prewarm compiles from caches',
      ms: null,
      evidence: [`compiling takes ${formatMs(phaseMs(arm, 'compile'))}`],
    },
  ]
}

function phaseMs({ phases }: StartArm, phase: StartArm['phases'][number]['phase']): number {
  return phases.find((each) => each.phase === phase)?.ms ?? 0
}

function groupsOf(modules: readonly StartModule[]): ReadonlyMap<string, readonly StartModule[]> {
  const groups = new Map<string, StartModule[]>()
  for (const module of modules) {
    const group = groups.get(module.package)
    if (group === undefined) groups.set(module.package, [module])
    else group.push(module)
  }
  return groups
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

function count(amount: number, one: string, several = `${one}s`): string {
  return `${formatCount(amount)} ${amount === 1 ? one : several}`
}
