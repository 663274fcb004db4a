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
import { timeStart, type TimedFile } from './arm.ts'
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
  const [first] = described
  const trace = arms[0]?.trace
  if (first === undefined || trace === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_MEASURE', 'No start was traced')
  }
  const { arm: cold, files } = first
  const calls = coverage === null ? null : callsByFile(coverage, readText)
  const hasProfile = facts.profile !== null
  const graph = graphOf(cold, files, trace)
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
    arms: described.map(({ arm }) => arm),
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

interface DescribedArm {
  readonly arm: StartArm
  /** At the indices of its modules. */
  readonly files: readonly TimedFile[]
}

function describeArm({ name, untracedRunsMs, tracedRunsMs, trace }: ExplainedArm): DescribedArm {
  const { phases, files } = timeStart(trace, own)
  const arm: StartArm = {
    name,
    listenMs: median(untracedRunsMs),
    tracedMs: trace.listenMs,
    untracedRunsMs,
    tracedRunsMs,
    isSampled: trace.profile === null ? 'no' : 'yes',
    phases,
    modules: startModules(files, trace.root, own.folder),
  }
  return { arm, files }
}

function graphOf(
  { modules }: StartArm,
  files: readonly TimedFile[],
  { edges, entry, knowsImports }: RawTrace,
): LoadedGraph {
  return {
    modules: modules.map((module, index) => {
      const { requester, startMs, format, sizeBytes } = module
      const file = files[index]?.file ?? ''
      const isUnasked = requester === null && knowsImports
      return {
        file,
        package: module.package,
        isJson: format === 'json',
        // Of what has no format no top level was seen: it was resolved and not loaded, or loaded before the trace.
        isFixed: isUnasked || file === entry || startMs === null || format === null,
        costMs: loadMsOf(module),
        sizeBytes,
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
