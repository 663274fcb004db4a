/**
 * `node --import prewarm/replay app.js`: loads the replayer, which is a script of its own, out of V8's code cache where an earlier
 * start has left one. docs/decisions/009-light-start.md
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { adoptPm2Environment } from '../runtime/pm2.ts'
import { codeCacheName, decodeCodeCache } from '../runtime/replayer-cache.ts'
import { readTrusted } from '../runtime/trusted-files.ts'
import type { Host } from './host.ts'
import { sharedKey } from './status.ts'

declare const replayerBuild: string

/** In worker threads Node has put something else in its place. To load `node:worker_threads` would cost every start a millisecond. */
const isWorker = 'disabled' in process.chdir
const isLoaded = sharedKey in globalThis
if (!isWorker && !isLoaded) {
  adoptPm2Environment(process.env)
  const { PREWARM_MODE: mode, PREWARM_LIVE: live } = process.env
  // What is off can be looked at all the same.
  if (mode !== 'off' || live) load(mode)
}

/** Without the replayer the application starts as if nothing were there. */
function load(mode: string | undefined): void {
  try {
    run()
  } catch (error) {
    const detail = `The replayer cannot be loaded: ${String(error)}`
    if (mode === 'strict') {
      process.stderr.write(`prewarm: ERR_PREWARM_RPL_STRICT: INTERNAL_ERROR: ${detail}\n`)
      process.exit(1)
    }
    process.emitWarning(detail, { type: 'PrewarmWarning', code: 'PREWARM_NOT_LOADED' })
  }
}

function run(): void {
  const filename = path.join(import.meta.dirname, 'replayer.cjs')
  const cacheFile = cacheFileOf(process.env)
  const cachedData = cacheFile === undefined ? undefined : readCodeCache(cacheFile)
  const vm = process.getBuiltinModule('node:vm')
  const script = new vm.Script(readFileSync(filename, 'latin1'), {
    filename,
    ...(cachedData !== undefined && { cachedData }),
  })
  const host: Host = {
    importModule: (url, options) => import(url, options),
    folder: import.meta.dirname,
    build: replayerBuild,
    cacheFile,
    makeCodeCache:
      cachedData === undefined || script.cachedDataRejected === true
        ? () => script.createCachedData()
        : undefined,
  }
  const replayer = script.runInThisContext() as (host: Host) => void
  replayer(host)
}

/** A configuration file is not asked: to read it takes more than what is loaded here. */
function cacheFileOf({
  PREWARM_CACHE_DIR: folder,
  PREWARM_PROFILE: profile,
}: NodeJS.ProcessEnv): string | undefined {
  if (folder === 'off' || !(folder || profile)) return undefined
  try {
    const v8 = process.getBuiltinModule('node:v8')
    const name = codeCacheName(replayerBuild, v8.cachedDataVersionTag())
    return path.resolve(folder || `${profile}.cache`, name)
  } catch {
    // The folder that the process was started in is gone.
    return undefined
  }
}

/** Undefined: there is none that can be trusted. */
function readCodeCache(file: string): Buffer | undefined {
  try {
    const content = readTrusted(file, process.env['PREWARM_PROFILE'] || undefined)
    return decodeCodeCache(content)
  } catch {
    return undefined
  }
}
