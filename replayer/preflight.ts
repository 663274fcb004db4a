import { readFileSync, statSync } from 'node:fs'
import v8 from 'node:v8'
import { openProfile, type ProfileFile } from '../formats/codec.ts'
import { isPrewarmError, messageOf, PrewarmError } from '../formats/errors.ts'
import { limits } from '../formats/limits.ts'
import type { Meta } from '../formats/profile.ts'
import type { Reason } from '../formats/reasons.ts'
import { identifyApp, type App } from '../runtime/app.ts'
import { entryOfProcess } from '../runtime/pm2.ts'
import { isSingleExecutable } from '../runtime/features.ts'
import { readProfileKey } from '../runtime/profile-key.ts'
import type { KnownProfile } from './known-profile.ts'
import { Plan, type Circumstances, type Outline } from './plan.ts'

export interface Refusal {
  readonly reason: Reason
  readonly detail: string
}

/**
 * Stage 0: reads and verifies the profile and matches it against this process. Never throws.
 *
 * @param known - what earlier starts have found in it; undefined: it is read whatever that is
 */
export function preflight(profilePath: string | undefined, known?: KnownProfile): Plan | Refusal {
  if (profilePath === undefined) {
    return { reason: 'NO_PROFILE', detail: 'PREWARM_PROFILE is not set' }
  }
  if (isSingleExecutable()) {
    return { reason: 'SINGLE_EXECUTABLE', detail: `${process.execPath} is an application` }
  }
  try {
    const app = identifyApp(entryOfProcess())
    const outline = known?.find()
    if (known !== undefined && outline !== undefined) {
      const { meta, digest } = outline
      const open = (): ProfileFile => readAgain(profilePath, digest, known)
      return mismatch(meta, app) ?? new Plan(outline, circumstances(meta, app), open)
    }
    const { key, trouble } = findKey()
    const file = openProfile(readBytes(profilePath), key)
    const meta = file.section('meta')
    const lock = file.lock && (trouble ?? file.lock.message)
    const refusal = mismatch(meta, app)
    if (refusal !== undefined) return refusal
    const plan = planOf(file, meta, circumstances(meta, app, lock))
    // What is encrypted there is not to be found elsewhere.
    if (!file.isSealed) known?.learn(plan.outline)
    return plan
  } catch (error) {
    return refusalOf(error)
  }
}

class Unreadable extends Error {}

/** Throws `Unreadable`, and a coded error for a file that is too large. */
function readBytes(file: string): Uint8Array {
  try {
    const stats = statSync(file)
    // A pipe may never end.
    if (!stats.isFile()) throw new Error(`${file} is not a regular file`)
    if (stats.size <= limits.fileBytes) return readFileSync(file)
    throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `${file} has ${stats.size} bytes`)
  } catch (error) {
    throw isPrewarmError(error) ? error : new Unreadable(messageOf(error))
  }
}

/** Throws as {@link readBytes} does, and coded errors for what is damaged or another profile. */
function readAgain(file: string, digest: string, known: KnownProfile): ProfileFile {
  try {
    const profile = openProfile(readBytes(file))
    if (profile.digest === digest) return profile
  } catch (error) {
    known.forget()
    throw error
  }
  known.forget()
  throw new PrewarmError('ERR_PREWARM_FMT_DAMAGED', `${file} is another profile than it was`)
}

/** Throws `ERR_PREWARM_FMT_*`. */
function planOf(file: ProfileFile, meta: Meta, circumstances: Circumstances): Plan {
  const isLocked = circumstances.lock !== undefined
  const modules = file.section('modules')
  const requests = isLocked ? { servers: [], routes: [] } : file.section('requests')
  const ledger = isLocked ? [] : file.section('ledger')
  const tapes = isLocked ? [] : file.section('tapes')
  const work = isLocked ? [] : file.section('work')
  const outline: Outline = {
    digest: file.digest,
    meta,
    servers: requests.servers,
    routes: requests.routes.map(({ server, method, route, count, cold, steady }) => {
      return { server, method, route, count, cold, steady }
    }),
    hasWork: work.length > 0,
    cachedModules: modules.filter(({ cacheBytes }) => cacheBytes > 0).length,
  }
  const decoded = { modules, requests, ledger, tapes, work }
  return new Plan(outline, circumstances, () => file, decoded)
}

function circumstances(meta: Meta, app: App, lock?: string): Circumstances {
  const isOtherEnv = meta.nodeEnv !== undefined && meta.nodeEnv !== (process.env['NODE_ENV'] ?? '')
  return { app, isOtherEnv, tag: v8.cachedDataVersionTag(), lock }
}

/** Of what a profile was refused with, which may be as late as when a section of it is asked for. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Unreadable) return { reason: 'NO_PROFILE', detail: error.message }
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

function mismatch(meta: Meta, app: App): Refusal | undefined {
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
  return undefined
}

function majorOf(version: string): string {
  return version.split('.', 1)[0] ?? version
}
