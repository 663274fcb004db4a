import { statSync } from 'node:fs'
import type { StartModule } from '../../formats/start-report.ts'
import { PackageNames } from '../../recorder/package-names.ts'
import type { TimedFile } from './arm.ts'

/** The files of a traced start as modules of the report, at the same indices. */
export function startModules(
  files: readonly TimedFile[],
  root: string,
  ownFolder: string,
): readonly StartModule[] {
  const names = new PackageNames(root)
  return files.map((timed) => {
    const { file, format, requester, requests, startMs, totalMs } = timed
    const { resolveMs, readMs, compileMs, evaluateMs, runMs } = timed
    const { id, path } = names.nameOf(file)
    return {
      id,
      path,
      package: file.startsWith(ownFolder) ? 'prewarm' : packageOf(id, path),
      format,
      requester,
      requests,
      sizeBytes: sizeOf(file),
      startMs: startMs === null ? null : round(startMs),
      totalMs: totalMs === null ? null : round(totalMs),
      resolveMs: round(resolveMs),
      readMs: round(readMs),
      compileMs: round(compileMs),
      evaluateMs: round(evaluateMs),
      runMs: round(runMs),
    }
  })
}

function packageOf(id: string, path: string): string {
  if (id === path) return ''
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/')
}

function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
