import type { CurvePoint, LedgerEntry } from '../../../../formats/profile.ts'
import { effectName } from '../../../../formats/effects.ts'
import type { ExemplarView, ProfileView, RouteView } from '../../../api.ts'

export interface RouteRow {
  /** Index into the routes of the profile. */
  readonly index: number
  /** `GET /items/:id`; with the server where there are several. */
  readonly name: string
  readonly route: RouteView
  /** Cold by steady median; null: one of them is zero. */
  readonly ratio: number | null
  readonly curve: readonly CurvePoint[]
}

export function routeRows({
  routes,
  servers,
  curve,
}: Pick<ProfileView, 'routes' | 'servers' | 'curve'>): readonly RouteRow[] {
  const curves = new Map(curve.map(({ route, points }) => [route, points]))
  return routes.map((route, index) => ({
    index,
    name: routeName(route, servers.length > 1),
    route,
    ratio: ratioOf(route),
    curve: curves.get(index) ?? [],
  }))
}

const routeSorts = ['count', 'cold', 'steady', 'ratio', 'name'] as const
export type RouteSort = (typeof routeSorts)[number]

export function isRouteSort(value: string | undefined): value is RouteSort {
  return routeSorts.some((sort) => sort === value)
}

export function selectRoutes(
  rows: readonly RouteRow[],
  text: string,
  sort: RouteSort,
): readonly RouteRow[] {
  const wanted = text.trim().toLowerCase()
  return rows.filter(({ name }) => name.toLowerCase().includes(wanted)).sort(comparisons[sort])
}

const comparisons: Readonly<Record<RouteSort, (a: RouteRow, b: RouteRow) => number>> = {
  count: (a, b) => b.route.count - a.route.count,
  cold: (a, b) => b.route.cold.p50Ms - a.route.cold.p50Ms,
  steady: (a, b) => b.route.steady.p50Ms - a.route.steady.p50Ms,
  ratio: (a, b) => (b.ratio ?? 0) - (a.ratio ?? 0),
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
}

export interface ExemplarRow {
  readonly exemplar: ExemplarView
  /** Names and values in pairs. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** What it does besides answering, as allow-lists name it. */
  readonly effects: readonly string[]
  /** How the trial in staging ended, in words. */
  readonly outcome: string
}

/** The exemplars of a route with what the ledger knows of them. */
export function exemplarRows(
  { ledger }: Pick<ProfileView, 'ledger'>,
  { index, route }: RouteRow,
): readonly ExemplarRow[] {
  const entries = new Map(
    ledger.filter((entry) => entry.route === index).map((entry) => [entry.exemplar, entry]),
  )
  return route.exemplars.map((exemplar, at) => {
    const entry = entries.get(at)
    return {
      exemplar,
      headers: pairsOf(exemplar.headers),
      effects: entry === undefined ? [] : [...new Set(entry.effects.map(effectName))],
      outcome:
        entry === undefined ? 'Nobody knows what it does: it was not tried.' : inWords(entry),
    }
  })
}

const outcomes: Readonly<Record<LedgerEntry['outcome'], string>> = {
  passed: 'It was tried alone in staging and answered as recorded.',
  observed: 'It was not tried; while it was first answered nothing went over raw sockets.',
  'status-changed': 'It was tried alone in staging and answered with another status',
  failed: 'It was tried alone in staging and failed.',
  'timed-out': 'It was tried alone in staging and did not end in time.',
  untried: 'It was not tried alone in staging.',
}

function inWords({ outcome, status, note }: LedgerEntry): string {
  const what =
    outcome === 'status-changed'
      ? `${outcomes[outcome]}${status === null ? '' : `: ${status}`}.`
      : outcomes[outcome]
  return note === '' ? what : `${what} ${sentence(note)}`
}

function sentence(note: string): string {
  const text = note.charAt(0).toUpperCase() + note.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function routeName({ method, route, server }: RouteView, isOneOfMany: boolean): string {
  return isOneOfMany ? `${method} ${route} (server ${server + 1})` : `${method} ${route}`
}

function ratioOf({ cold, steady }: RouteView): number | null {
  return cold.p50Ms > 0 && steady.p50Ms > 0 ? cold.p50Ms / steady.p50Ms : null
}

function pairsOf(list: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = []
  for (let at = 0; at < list.length; at += 2) pairs.push([list[at] ?? '', list[at + 1] ?? ''])
  return pairs
}
