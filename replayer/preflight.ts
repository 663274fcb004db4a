import { readFileSync, statSync } from 'node:fs'
import v8 from 'node:v8'
import { openProfile, type ProfileFile } from '../formats/codec.ts'
import { isPrewarmError, messageOf } from '../formats/errors.ts'
import { limits } from '../formats/limits.ts'
import type { HotFunction, Meta, ModuleRecord } from '../formats/profile.ts'
import type { Reason } from '../formats/reasons.ts'
import { identifyApp, type App } from '../runtime/app.ts'
import { entryOfProcess } from '../runtime/pm2.ts'
import { isSingleExecutable } from '../runtime/features.ts'
import { readProfileKey } from '../runtime/profile-key.ts'
import type { Recorded } from './cases.ts'

/** A profile that fits this process, decoded as far as a replay needs it. */
export interface Plan extends Recorded {
  readonly app: App
  readonly meta: Meta
  /** In staging it neither listened nor worked: it does what it is told to and ends. There is nothing to rehearse. */
  readonly isCommand: boolean
  readonly modules: readonly ModuleRecord[]
  /** Decoded when it is first asked for, which takes as long as all else. Throws `ERR_PREWARM_FMT_*`. */
  readonly functions: () => readonly HotFunction[]
  /** Whether NODE_ENV is another one than in staging. */
  readonly isOtherEnv: boolean
  /** Why requests and work stay encrypted, and there are none; undefined: they do not. */
  readonly lock: string | undefined
  readonly codecache: Uint8Array
  /** Of the profile, by which the guard knows it again. */
  readonly digest: string
  /** `v8.cachedDataVersionTag()` before anything was done; it must be the same afterwards. */
  readonly tag: number
}

export interface Refusal {
  readonly reason: Reason
  readonly detail: string
}

/** Stage 0: reads and verifies the profile and matches it against this process. Never throws. */
export function preflight(profilePath: string | undefined): Plan | Refusal {
  if (profilePath === undefined) {
    return { reason: 'NO_PROFILE', detail: 'PREWARM_PROFILE is not set' }
  }
  if (isSingleExecutable()) {
    return { reason: 'SINGLE_EXECUTABLE', detail: `${process.execPath} is an application` }
  }
  let bytes: Uint8Array
  try {
    const stats = statSync(profilePath)
    // A pipe may never end.
    if (!stats.isFile()) throw new Error(`${profilePath} is not a regular file`)
    if (stats.size > limits.fileBytes) {
      return { reason: 'PROFILE_CORRUPT', detail: `${profilePath} has ${stats.size} bytes` }
    }
    bytes = readFileSync(profilePath)
  } catch (error) {
    return { reason: 'NO_PROFILE', detail: messageOf(error) }
  }
  try {
    const { key, trouble } = findKey()
    return match(openProfile(bytes, key), trouble)
  } catch (error) {
    return refusalOf(error)
  }
}

/** Of what a profile was refused with, which may be as late as when a section of it is asked for. */
export function refusalOf(error: unknown): Refusal {
  if (!isPrewarmError(error)) return { reason: 'INTERNAL_ERROR', detail: messageOf(error) }
  return {
    reason: error.code === 'ERR_PREWARM_FMT_VERSION' ? 'PROFILE_VERSION' : 'PROFILE_CORRUPT',
    detail: `${error.code}: ${error.message}`,
  }
}

/** A key that cannot be read is only of interest when there is something to open. */
function findKey(): { readonly key?: Uint8Array | undefined; readonly trouble?: string } {
  try {
    return { key: readProfileKey(process.env) }
  } catch (error) {
    return { trouble: messageOf(error) }
  }
}

function match(file: ProfileFile, keyTrouble: string | undefined): Plan | Refusal {
  const meta = file.section('meta')
  const app = identifyApp(entryOfProcess())
  if (meta.appId !== app.id) {
    return { reason: 'APP_MISMATCH', detail: `recorded from ${meta.appId}, this is ${app.id}` }
  }
  if (majorOf(meta.node) !== majorOf(process.version)) {
    return {
      reason: 'NODE_MISMATCH',
      detail: `recorded on ${meta.node}, this is ${process.version}`,
    }
  }
  if (meta.arch !== process.arch || meta.platform !== process.platform) {
    return {
      reason: 'ARCH_MISMATCH',
      detail: `recorded on ${meta.platform}-${meta.arch}, this is ${process.platform}-${process.arch}`,
    }
  }
  let functions: readonly HotFunction[] | undefined
  const isLocked = file.lock !== undefined
  const requests = isLocked ? { servers: [], routes: [] } : file.section('requests')
  const work = isLocked ? [] : file.section('work')
  return {
    app,
    meta,
    isCommand:
      !isLocked && meta.listenMs === null && requests.routes.length === 0 && work.length === 0,
    modules: file.section('modules'),
    functions: () => (functions ??= file.section('functions')),
    isOtherEnv: meta.nodeEnv !== undefined && meta.nodeEnv !== (process.env['NODE_ENV'] ?? ''),
    requests,
    ledger: isLocked ? [] : file.section('ledger'),
    tapes: isLocked ? [] : file.section('tapes'),
    work,
    lock: isLocked ? (keyTrouble ?? file.lock.message) : undefined,
    codecache: file.codecache,
    digest: file.digest,
    tag: v8.cachedDataVersionTag(),
  }
}

function majorOf(version: string): string {
  return version.split('.', 1)[0] ?? version
}
