import type { ModuleRecord } from '../../../../formats/profile.ts'
import type { StartArm, StartModule } from '../../../../formats/start-report.ts'
import { waterfallOf, type Waterfall } from '../profile/waterfall.ts'

/** Modules of a traced start below the ones that asked for them, where the clock saw them; no times: they are left out. */
export function startWaterfall({ modules }: StartArm): Waterfall {
  const { rows, totalMs } = waterfallOf(modules.map(asRecord), 'startup')
  return {
    rows: rows
      .filter(({ index }) => modules[index]?.startMs != null)
      .map((row) => ({ ...row, fromMs: modules[row.index]?.startMs ?? null })),
    totalMs,
  }
}

/** What it takes to nest them. */
function asRecord({ id, path, format, requester, sizeBytes, ...times }: StartModule): ModuleRecord {
  const { totalMs, readMs, compileMs, evaluateMs, startMs } = times
  const ownMs = readMs + compileMs + evaluateMs
  return {
    id,
    path,
    format: format ?? 'cjs',
    requester,
    phase: 'startup',
    selfMs: totalMs === null ? null : Math.min(ownMs, totalMs),
    totalMs: startMs === null ? null : totalMs,
    sourceHash: null,
    sourceLength: sizeBytes ?? 0,
    cacheBytes: 0,
  }
}
