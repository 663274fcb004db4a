import { syncBuiltinESMExports } from 'node:module'
import { watchDatagrams } from './datagrams.ts'
import { watchDebugPort } from './debug-port.ts'
import { watchDiagnostics } from './diagnostics.ts'
import { forgetToldFiles, watchFileHandles, watchFiles } from './files.ts'
import { watchHttp2Calls } from './http2-calls.ts'
import { watchListening } from './listening.ts'
import { watchNames } from './names.ts'
import { completeOutboundHooks, installOutboundHooks, restOutboundHooks } from './outbound.ts'
import { watchProcesses } from './processes.ts'
import { watchEffects } from './sink.ts'
import { installSocketHooks } from './sockets.ts'
import { watchSqlite } from './sqlite.ts'
import { watchWorkers } from './workers.ts'

let isInstalled = false
let completion: Promise<void> | undefined

/**
 * From now on the sink of the running code is told of files, processes, datagrams, names, workers, sockets, ports and HTTP calls. To be called
 * before the application is loaded, which may keep functions under names of its own.
 */
export function installEffectHooks(): void {
  if (isInstalled) return
  isInstalled = true
  watchFiles()
  watchProcesses()
  watchNames()
  watchDatagrams()
  watchWorkers()
  watchDiagnostics()
  watchDebugPort()
  watchListening()
  installSocketHooks()
  installOutboundHooks()
  syncBuiltinESMExports()
}

/**
 * What can only be watched once it is there: file handles, HTTP/2 and `node:sqlite`. To be awaited before a rehearsal or trial begins;
 * rejects when they cannot be watched.
 */
export function completeEffectHooks(): Promise<void> {
  completion ??= complete()
  // The application may have loaded another copy of undici since.
  completeOutboundHooks()
  return completion
}

/** Nobody is going to ask for effects any more; the hooks stay, and cost nothing. */
export function restEffectHooks(): void {
  watchEffects(undefined)
  forgetToldFiles()
  restOutboundHooks()
}

async function complete(): Promise<void> {
  await watchFileHandles()
  watchHttp2Calls()
  watchSqlite()
}
