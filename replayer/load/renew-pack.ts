import { existsSync } from 'node:fs'
import path from 'node:path'
import { loaderFlags } from '../../runtime/load-pack/identity.ts'
import type { PackOrder } from '../../runtime/load-pack/order.ts'
import type { Config } from '../config.ts'
import { host } from '../host.ts'
import type { Plan } from '../plan.ts'
import type { LoadPack } from './load-pack.ts'
import { packPlace } from './pack-place.ts'

/** The first requests of clients come first. */
const delayMs = 2_000
/** Where something changes with every start, that is not written anew each time. */
const maxRenewals = 3

/**
 * Has a load pack written for the next start, beside the traffic: if there is none, or if something has changed since.
 *
 * @param pack - in use
 */
export function renewPack(plan: Plan, config: Config, pack: LoadPack | undefined): void {
  const place = packPlace(plan, config)
  if (place === undefined || config.verify !== undefined) return
  if (pack !== undefined && (!pack.isStale || pack.renewals >= maxRenewals)) return
  const file = path.join(host.folder, 'pack-worker.mjs')
  const order: PackOrder = { place, renewals: pack === undefined ? 0 : pack.renewals + 1 }
  setTimeout(() => {
    try {
      if (existsSync(file)) start(file, order)
    } catch {
      // Under --permission there are no threads. The next start is as slow as this one.
    }
  }, delayMs).unref()
}

function start(file: string, order: PackOrder): void {
  const { Worker } = process.getBuiltinModule('node:worker_threads')
  const worker = new Worker(file, {
    workerData: order,
    // None of what the application is preloaded with.
    execArgv: [...loaderFlags(), '--experimental-import-meta-resolve', '--no-warnings'],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdout: true,
    stderr: true,
  })
  worker.unref()
  // What it cannot write the next start does without.
  worker.on('error', () => undefined)
}
