import { fileURLToPath } from 'node:url'
import type { Profiler } from 'node:inspector'

/**
 * What the main thread was seen at. evaluate: of an ES module, at its top level. run: a function of the application or of a package
 * that no top level has called.
 */
export type SampledKind =
  | 'gc'
  | 'wait'
  | 'resolve'
  | 'read'
  | 'compile'
  | 'evaluate'
  | 'builtin'
  | 'run'
  | 'prewarm'
  | 'trace'
  | 'other'

export interface Sampled {
  readonly kind: SampledKind
  /** Of the module at whose top level it was, or of the innermost function; null: of Node itself. */
  readonly file: string | null
}

/** Time that is sampled as one thing, ms since the start of the process. */
export interface SampledTime extends Sampled {
  readonly fromMs: number
  readonly toMs: number
}

/** Folder of our own code, and the replayer in it. */
export interface OwnFiles {
  readonly folder: string
  readonly replayer: string
}

const unknown: Sampled = { kind: 'other', file: null }

/** Every sample stands for the time until the next one. */
export function sampledTimes(
  profile: Profiler.Profile,
  startMs: number,
  endMs: number,
  own: OwnFiles,
): readonly SampledTime[] {
  const classes = classify(profile, own)
  const { samples = [], timeDeltas = [] } = profile
  const times: SampledTime[] = []
  let atMs = startMs
  for (const [index, node] of samples.entries()) {
    atMs += (timeDeltas[index] ?? 0) / 1000
    const nextMs = index + 1 < samples.length ? atMs + (timeDeltas[index + 1] ?? 0) / 1000 : endMs
    const toMs = Math.min(nextMs, endMs)
    if (toMs > atMs) times.push({ ...(classes.get(node) ?? unknown), fromMs: atMs, toMs })
  }
  return times
}

/** By id of a node. */
function classify({ nodes }: Profiler.Profile, own: OwnFiles): ReadonlyMap<number, Sampled> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const classes = new Map<number, Sampled>()
  const [root] = nodes
  const stack = root === undefined ? [] : [{ node: root, outer: unknown }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, outer } = next
    const found = classOf(node.callFrame, outer, own)
    classes.set(node.id, found)
    for (const id of node.children ?? []) {
      const child = byId.get(id)
      // The garbage collector runs below the function that it has interrupted.
      if (child !== undefined && !classes.has(id)) stack.push({ node: child, outer: found })
    }
  }
  return classes
}

type CallFrame = Profiler.ProfileNode['callFrame']

function classOf(frame: CallFrame, outer: Sampled, own: OwnFiles): Sampled {
  const { functionName, url } = frame
  if (functionName === '(garbage collector)') return { kind: 'gc', file: null }
  if (functionName === '(idle)') return { kind: 'wait', file: null }
  const file = fileOf(url)
  if (file !== null) {
    if (file === own.replayer) return { kind: 'prewarm', file }
    if (file.startsWith(own.folder)) return outer.kind === 'other' ? { kind: 'trace', file } : outer
    if (isTopLevel(frame)) return { kind: 'evaluate', file }
    return outer.kind === 'evaluate' ? outer : { kind: 'run', file }
  }
  const kind = kindOfInternal(frame)
  // What a module asks of Node is the module's own time, but for what it makes Node load.
  return kind === null ? outer : { kind, file: null }
}

/** The top level of an ES module is a function without a name that begins where the file does. */
function isTopLevel({ functionName, url, lineNumber, columnNumber }: CallFrame): boolean {
  return functionName === '' && url.startsWith('file:') && lineNumber === 0 && columnNumber === 0
}

function kindOfInternal({ functionName, url }: CallFrame): SampledKind | null {
  if (functionName === 'compileForInternalLoader') return 'builtin'
  if (!url.startsWith('node:internal/modules/')) return null
  const [place = ''] = url.slice('node:internal/modules/'.length).split('?')
  if (/^compile|^wrapSafe$|cjsPreparseModuleExports|[Ll]exer/.test(functionName)) return 'compile'
  if (place === 'esm/load') return 'read'
  if (place === 'esm/resolve' || place === 'package_json_reader' || place === 'helpers') {
    return 'resolve'
  }
  return functionName === 'runEntryPointWithESMLoader' || functionName === 'run' ? null : 'resolve'
}

function fileOf(url: string): string | null {
  if (url.startsWith('/')) return url
  if (!url.startsWith('file:')) return /^[A-Za-z]:\\/.test(url) ? url : null
  try {
    return fileURLToPath(url)
  } catch {
    return null
  }
}
