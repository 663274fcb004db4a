import {
  formatVersion,
  type Exemplar,
  type ModuleRecord,
  type Profile,
} from '../../formats/index.ts'
import { groupBy, sum } from '../grouping.ts'

import type { Freshness } from '../freshness.ts'
import { renderFreshness } from './freshness.ts'
import { renderTable, type Column } from './table.ts'
import { bold, lineWidth, shorten, titled } from './text.ts'
import { formatBytes, formatCount, formatMs, formatShare } from '../../dashboard/analysis/units.ts'

export interface Inspection {
  readonly file: string
  readonly sizeBytes: number
  readonly sectionBytes: ReadonlyMap<string, number>
  readonly profile: Profile
  /** Why what is encrypted is missing from `profile`; undefined: nothing is. */
  readonly locked?: string | undefined
  readonly freshness: Freshness
  /** Per function where it is written, by the source map of its module; null: there is none. */
  readonly originals: readonly (string | null)[]
}

/** What a person wants to know about a profile, in lines of 100 columns at most; `top` rows per table. */
export function renderInspection(inspection: Inspection, top: number): string {
  const { profile, locked, freshness, originals } = inspection
  return [
    renderSummary(inspection),
    renderModules(profile),
    renderSlowest(profile, top),
    renderCaches(profile, top),
    renderPackages(profile, top),
    renderLate(profile, top),
    renderFunctions(profile, originals, top),
    locked === undefined ? renderRoutes(profile, top) : titled('Routes', locked),
    renderWork(profile, top),
    renderFreshness(freshness, top),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** How many exemplars of a route are for rehearsal, and how many are held out. */
export function countUses(exemplars: readonly Exemplar[]): { rehearse: number; compare: number } {
  const rehearse = exemplars.filter((exemplar) => exemplar.use === 'rehearse').length
  return { rehearse, compare: exemplars.length - rehearse }
}

function renderSummary({ file, sizeBytes, sectionBytes, profile }: Inspection): string {
  const { meta, requests } = profile
  const { profiler, listenMs } = meta
  const sections = [...sectionBytes].sort(([, a], [, b]) => b - a)
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['Application', [meta.appId]],
    [
      'Recorded',
      [
        `${meta.createdAt} by ${meta.recorder}`,
        `for ${formatMs(meta.durationMs)}`,
        listenMs === null ? 'never listened' : `listening after ${formatMs(listenMs)}`,
      ],
    ],
    [
      'Process',
      [
        `Node ${meta.node}`,
        `V8 ${meta.v8}`,
        `${meta.platform} ${meta.arch}`,
        `code-cache tag ${meta.codeCacheTag}`,
      ],
    ],
    ['Flags', [meta.execArgv.join(' ')]],
    ...(meta.generation === undefined ? [] : [['Merged', mergedFrom(meta)] as const]),
    [
      'Requests',
      [
        `${formatCount(meta.requestCount)} answered`,
        `routes: ${formatCount(requests.routes.length)}`,
        `servers: ${formatCount(requests.servers.length)}`,
      ],
    ],
    ['Redacted', [...new Set([...meta.redactedHeaders, ...meta.redactedKeys])]],
    [
      'Profiler',
      profiler === 'none' ? [] : [profiler, `one sample every ${meta.samplingMicros} us`],
    ],
    ['Sections', sections.map(([name, bytes]) => `${name} ${formatBytes(bytes)}`)],
  ]
  const title = `${file}: ${formatBytes(sizeBytes)}, format version ${formatVersion}`
  return [
    bold(shorten(title, lineWidth)),
    ...facts.flatMap(([name, items]) =>
      wrap(items, lineWidth - 13).map(
        (line, index) => `${(index === 0 ? name : '').padEnd(13)}${line}`,
      ),
    ),
  ].join('\n')
}

/** @example ['generation 2', 'of 3 profiles: 0a1b2c3d4e5f', '...'] */
function mergedFrom({ generation = 0, parents = [] }: Profile['meta']): readonly string[] {
  const [first = '', ...others] = parents.map((digest) => digest.slice(0, 12))
  const files = `of ${formatCount(parents.length)} profiles: ${first}`
  return [`generation ${formatCount(generation)}`, files, ...others]
}

function renderModules({ modules }: Profile): string {
  const row = (name: string, group: readonly ModuleRecord[]): string[] => [
    name,
    formatCount(group.length),
    formatCount(group.filter((module) => module.phase === 'startup').length),
    formatCount(group.filter((module) => module.phase === 'late').length),
    formatCount(group.filter((module) => module.cacheBytes > 0).length),
    formatBytes(sum(group, cacheBytes)),
  ]
  const groups = [...groupBy(modules, (module) => module.format)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([format, group]) => row(format, group))
  const columns = [left('Format'), ...['Modules', 'Start-up', 'Late', 'Cached', 'Cache'].map(right)]
  return titled('Modules', renderTable(columns, [...groups, row('all', modules)]))
}

function renderSlowest({ modules }: Profile, top: number): string {
  const timed = modules.filter(selfMs).sort((a, b) => selfMs(b) - selfMs(a))
  return topTable(
    'Slowest modules',
    'to initialise: alone, and with what they load',
    [right('Self'), right('Total'), right('Cache'), left('Module')],
    timed.map((module) => [
      formatMs(selfMs(module)),
      module.totalMs === null ? '-' : formatMs(module.totalMs),
      module.cacheBytes === 0 ? '-' : formatBytes(module.cacheBytes),
      module.id,
    ]),
    top,
  )
}

function renderCaches({ modules, codecache }: Profile, top: number): string {
  const cached = modules.filter(cacheBytes).sort((a, b) => cacheBytes(b) - cacheBytes(a))
  return topTable(
    'Biggest code caches',
    '',
    [right('Cache'), right('Share'), left('Module')],
    cached.map((module) => [
      formatBytes(cacheBytes(module)),
      formatShare(cacheBytes(module), codecache.length),
      module.id,
    ]),
    top,
  )
}

function renderPackages({ modules }: Profile, top: number): string {
  const totalMs = sum(modules, selfMs)
  const packages = [...groupBy(modules, packageOf)]
    .map(([name, group]) => ({ name, group, ms: sum(group, selfMs) }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms)
  return topTable(
    'Packages',
    'by the time that their modules take to initialise',
    [right('Self'), right('Share'), right('Modules'), left('Package')],
    packages.map(({ name, group, ms }) => [
      formatMs(ms),
      formatShare(ms, totalMs),
      formatCount(group.length),
      name,
    ]),
    top,
  )
}

function renderLate({ modules }: Profile, top: number): string {
  const late = modules.filter((module) => module.phase === 'late')
  return topTable(
    'Late modules',
    'loaded only after listening; replay loads them before',
    [right('Self'), left('Module')],
    late
      .sort((a, b) => selfMs(b) - selfMs(a))
      .map((module) => [module.selfMs === null ? '-' : formatMs(module.selfMs), module.id]),
    top,
  )
}

function renderFunctions(
  { functions, modules }: Profile,
  originals: Inspection['originals'],
  top: number,
): string {
  const totalMs = sum(functions, (entry) => entry.selfMs)
  return topTable(
    'Hot functions',
    `of ${formatMs(totalMs)} sampled in them`,
    [right('Self'), right('Share'), left('Tier'), left('Function'), left('Where')],
    functions
      .map((entry, index) => ({ ...entry, original: originals[index] }))
      .sort((a, b) => b.selfMs - a.selfMs)
      .map((entry) => [
        formatMs(entry.selfMs),
        formatShare(entry.selfMs, totalMs),
        entry.tier ?? '-',
        shorten(entry.name || '(anonymous)', 28),
        entry.original ?? `${modules[entry.module]?.id ?? ''}:${entry.line}`,
      ]),
    top,
  )
}

function renderRoutes({ requests: { routes }, work }: Profile, top: number): string {
  if (routes.length === 0 && work.length > 0) return ''
  if (routes.length === 0)
    return titled('Routes', 'No requests were recorded: nothing can be rehearsed.')
  const total = sum(routes, (route) => route.count)
  return topTable(
    'Routes',
    'cold: the first requests; steady: the last; kept: to rehearse + to compare',
    [
      ...['Requests', 'Share', 'Cold p50', 'mean', 'Steady p50', 'p99', 'Kept'].map(right),
      left('Route'),
    ],
    [...routes]
      .sort((a, b) => b.count - a.count)
      .map(({ method, route, count, cold, steady, exemplars }) => {
        const uses = countUses(exemplars)
        return [
          formatCount(count),
          formatShare(count, total),
          ...[cold.p50Ms, cold.meanMs, steady.p50Ms, steady.p99Ms].map(formatMs),
          `${uses.rehearse} + ${uses.compare}`,
          `${method} ${route}`,
        ]
      }),
    top,
  )
}

function renderWork({ work }: Profile, top: number): string {
  const table = topTable(
    'Work',
    'cold: the first calls; steady: the last; kept: distinct ones; tried: alone, in staging',
    [
      ...['Calls', 'Cold p50', 'mean', 'Steady p50', 'p99', 'Kept', 'Tried'].map(right),
      left('Name'),
    ],
    work.map(({ name, count, cold, steady, samples }) => [
      formatCount(count),
      ...[cold.p50Ms, cold.meanMs, steady.p50Ms, steady.p99Ms].map(formatMs),
      formatCount(samples.length),
      formatCount(samples.filter(({ tried }) => tried !== 'untried').length),
      name,
    ]),
    top,
  )
  const lost = work.filter(({ unreplayable }) => unreplayable > 0)
  const lines = lost.slice(0, top).map(({ name, unreplayable, obstacle }) => {
    return shorten(`${name}: ${formatCount(unreplayable)} not kept, ${obstacle}`, lineWidth)
  })
  return [table, ...lines].join('\n')
}

/** A table of the first `top` rows, whose last column gives way; empty when there are no rows. */
function topTable(
  name: string,
  note: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  top: number,
): string {
  if (rows.length === 0) return ''
  const shown = rows.slice(0, top)
  const last = columns.length - 1
  const taken = columns.slice(0, last).reduce((width, column, index) => {
    return width + 2 + Math.max(column.title.length, ...shown.map((row) => row[index]?.length ?? 0))
  }, 0)
  const fitted = shown.map((row) => [
    ...row.slice(0, last),
    shorten(row[last] ?? '', lineWidth - taken),
  ])
  const counted = rows.length > top ? `${name} (${top} of ${formatCount(rows.length)})` : name
  return titled(counted, renderTable(columns, fitted), note)
}

/** Items with commas between them, in up to three lines. */
function wrap(items: readonly string[], maxWidth: number): string[] {
  const room = maxWidth - ', ...'.length
  const lines: string[] = []
  for (const item of items.filter((text) => text !== '')) {
    const longer = `${lines.at(-1) ?? ''}, ${item}`
    if (lines.length > 0 && longer.length <= room) lines[lines.length - 1] = longer
    else lines.push(item)
  }
  if (lines.length === 0) return ['none']
  const last = lines.length - 1
  return lines.slice(0, 3).map((line, index) => {
    const more = index === last ? '' : index < 2 ? ',' : ', ...'
    return `${shorten(line, room)}${more}`
  })
}

/** `name@version` for a module in node_modules. */
function packageOf({ id, path, format }: ModuleRecord): string {
  if (format === 'builtin') return '(Node.js)'
  if (!path.includes('node_modules/')) return '(application)'
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/')
}

function selfMs(module: ModuleRecord): number {
  return module.selfMs ?? 0
}

function cacheBytes(module: ModuleRecord): number {
  return module.cacheBytes
}

const left = (title: string): Column => ({ title })
const right = (title: string): Column => ({ title, align: 'right' })
