import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../../dashboard/analysis/quantile.ts'
import { loadMsOf } from '../../dashboard/analysis/start-times.ts'
import { PrewarmError } from '../../formats/errors.ts'
import {
  startReportVersion,
  type LazyCandidates,
  type StartArm,
  type StartModule,
  type StartReport,
} from '../../formats/start-report.ts'
import { adviseOn } from './advice.ts'
import { timeStart } from './arm.ts'
import { callsByFile } from './calls.ts'
import { lazyCandidates, type LoadedGraph } from './lazy.ts'
import type { RawTrace } from './raw-trace.ts'
import type { OwnFiles } from './sampled.ts'
import { startModules } from './start-modules.ts'
import type { ExplainedArm, ExplainedStarts } from './starts.ts'

export interface ReportFacts {
  readonly prewarm: string
  readonly command: readonly string[]
  /** Name of the profile; null: none. */
  readonly profile: string | null
  readonly observeMs: number
}

// From dist/cli/explain/ to dist/.
const folder = fileURLToPath(new URL('../../', import.meta.url))
const own: OwnFiles = { folder, replayer: path.join(folder, 'replay.mjs') }

/** What was measured as a report. Reads the files that were loaded, for their sizes and functions. */
export function startReport({ arms, coverage }: ExplainedStarts, facts: ReportFacts): StartReport {
  const described = arms.map(describeArm)
  const [cold] = described
  const trace = arms[0]?.trace
  if (cold === undefined || trace === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_MEASURE', 'No start was traced')
  }
  const calls = coverage === null ? null : callsByFile(coverage, readText)
  const hasProfile = facts.profile !== null
  const graph = graphOf(cold, trace)
  const lazy: LazyCandidates | null =
    calls === null
      ? null
      : {
          observeMs: facts.observeMs,
          isRehearsed: hasProfile ? 'yes' : 'no',
          ...lazyCandidates(graph, calls),
        }
  return {
    type: 'prewarm-start',
    schemaVersion: startReportVersion,
    prewarm: facts.prewarm,
    createdAt: new Date().toISOString(),
    command: facts.command,
    node: trace.node,
    profile: facts.profile,
    arms: described,
    lazy,
    advice: adviseOn({
      arm: cold,
      trace,
      lazy,
      hasProfile,
      graph,
      calls,
      manifestOf: (module) => manifestOf(path.resolve(trace.root, module.path), module),
    }),
  }
}

function describeArm({ name, untracedRunsMs, tracedRunsMs, trace }: ExplainedArm): StartArm {
  const { phases, files } = timeStart(trace, own)
  return {
    name,
    listenMs: median(untracedRunsMs),
    tracedMs: trace.listenMs,
    untracedRunsMs,
    tracedRunsMs,
    isSampled: trace.profile === null ? 'no' : 'yes',
    phases,
    modules: startModules(files, trace.root, own.folder),
  }
}

function graphOf(
  { modules }: StartArm,
  { files, edges, entry, knowsImports }: RawTrace,
): LoadedGraph {
  return {
    modules: files.flatMap(({ file, requester }, index) => {
      const module = modules[index]
      if (module === undefined) return []
      return {
        file,
        package: module.package,
        isJson: module.format === 'json',
        isFixed: (requester === null && knowsImports) || file === entry || module.startMs === null,
        costMs: loadMsOf(module),
        sizeBytes: module.sizeBytes,
      }
    }),
    edges,
  }
}

function manifestOf(
  file: string,
  module: StartModule,
): { readonly sizeBytes: number; readonly exportsBytes: number } | undefined {
  const inside = module.id.slice(module.package.length)
  if (!file.endsWith(path.normalize(inside))) return undefined
  const text = readText(path.join(file.slice(0, -inside.length), 'package.json'))
  if (text === undefined) return undefined
  try {
    const { exports } = JSON.parse(text) as { readonly exports?: unknown }
    const exportsBytes = exports === undefined ? 0 : JSON.stringify(exports).length
    return { sizeBytes: text.length, exportsBytes }
  } catch {
    return undefined
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    return undefined
  }
}
