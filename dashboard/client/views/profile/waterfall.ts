import type { ModuleRecord } from '../../../../formats/profile.ts'

export interface WaterfallRow {
  /** Index into the modules of the profile. */
  readonly index: number
  readonly module: ModuleRecord
  readonly depth: number
  /** Rows after this one that are below it. */
  readonly descendants: number
  /** Derived from order and durations, ms; null: it has no times. */
  readonly fromMs: number | null
}

export interface Waterfall {
  /** Each before what it loaded, in order of initialisation. */
  readonly rows: readonly WaterfallRow[]
  readonly totalMs: number
}

interface Node {
  readonly index: number
  readonly module: ModuleRecord
  readonly parent: Node | undefined
  readonly children: Node[]
  /** Time of its children that is not given to one yet, ms. */
  roomMs: number
  descendants: number
}

/** Times are rounded when they are written. */
const toleranceMs = 0.05

/**
 * The modules of a phase below the ones that loaded them. A profile has durations and an order: modules begin one after the other, and
 * those that a module loaded begin with it, so that its own time stands at its end. What it loaded later, from within a function, has
 * no room in its time and stands on its own.
 */
export function waterfallOf(
  modules: readonly ModuleRecord[],
  phase: ModuleRecord['phase'],
): Waterfall {
  const nodes = new Map<number, Node>()
  const roots: Node[] = []
  for (const [index, module] of modules.entries()) {
    if (module.phase !== phase) continue
    const totalMs = module.totalMs ?? 0
    const requester = nodes.get(module.requester ?? -1)
    const isWithin = requester !== undefined && totalMs <= requester.roomMs + toleranceMs
    const parent = isWithin ? requester : undefined
    const roomMs = totalMs - (module.selfMs ?? 0)
    const node: Node = { index, module, parent, children: [], roomMs, descendants: 0 }
    if (parent === undefined) roots.push(node)
    else {
      parent.roomMs -= totalMs
      parent.children.push(node)
    }
    nodes.set(index, node)
  }
  // Whatever a module loaded comes after it.
  for (const { parent, descendants } of [...nodes.values()].reverse()) {
    if (parent !== undefined) parent.descendants += descendants + 1
  }
  return flatten(roots)
}

/** Without recursion: a hostile profile may nest as deep as it is long. */
function flatten(roots: readonly Node[]): Waterfall {
  const rows: WaterfallRow[] = []
  const stack: { readonly node: Node; readonly depth: number; readonly fromMs: number }[] = []
  const push = (nodes: readonly Node[], depth: number, fromMs: number): number => {
    let startMs = fromMs
    const placed = nodes.map((node) => {
      const one = { node, depth, fromMs: startMs }
      startMs += node.module.totalMs ?? 0
      return one
    })
    // The first is to be taken first.
    for (const one of placed.reverse()) stack.push(one)
    return startMs
  }
  const totalMs = push(roots, 0, 0)
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, depth, fromMs } = next
    const { index, module, descendants, children } = node
    rows.push({
      index,
      module,
      depth,
      descendants,
      fromMs: module.totalMs === null ? null : fromMs,
    })
    push(children, depth + 1, fromMs)
  }
  return { rows, totalMs }
}

/** The rows that are to be seen when those of `collapsed` (indices of modules) hide what is below them. */
export function visibleRows(
  rows: readonly WaterfallRow[],
  collapsed: ReadonlySet<number>,
): readonly WaterfallRow[] {
  const visible: WaterfallRow[] = []
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]
    if (row === undefined) break
    visible.push(row)
    if (collapsed.has(row.index)) at += row.descendants
  }
  return visible
}

/** Modules that hide what they loaded to begin with: what took less than `share` of the whole is no news. */
export function collapsedAtFirst({ rows, totalMs }: Waterfall, share = 0.05): ReadonlySet<number> {
  return new Set(
    rows
      .filter(({ descendants, module }) => {
        return descendants > 0 && (module.totalMs ?? 0) < share * totalMs
      })
      .map(({ index }) => index),
  )
}

/** Rows whose module has the text in its id, whatever its case. */
export function searchRows(rows: readonly WaterfallRow[], text: string): readonly WaterfallRow[] {
  const wanted = text.trim().toLowerCase()
  return rows.filter(({ module }) => module.id.toLowerCase().includes(wanted))
}
