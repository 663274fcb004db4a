/** Single starts of a sample that are looked at from inside: how many modules have a cache, and whether any cache was spoilt. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root, run, startService } from '../shop.mjs'
import { countNodeCache, debugEnvironment, withoutDebugLines } from './node-cache.mjs'

const replayer = path.join(root, 'dist', 'replay.mjs')
const dist = `${path.join(root, 'dist')}${path.sep}`
/** Of the 20 alternating starts, half of them with prewarm. */
const startCount = 20
/** Enough to see every route of a sample. */
const requestCount = 120

/**
 * @typedef {object} Subject
 * @property {string} node
 * @property {string} entry
 * @property {string} traffic the sample's traffic.js
 * @property {string} profile
 * @property {NodeJS.ProcessEnv} env
 * @property {readonly string[]} rehearse
 * @property {string} budget
 * @property {string} folder for what is written here
 * @property {boolean} hasNodeCache whether this Node has a compile cache of its own
 */

/** One that announces itself before its rehearsal does not accept anything yet; the report comes when it does. */
async function untilOpen(reportFile) {
  const end = performance.now() + 60_000
  while (!existsSync(reportFile) && performance.now() < end) await delay(20)
}

/** Starts once, asks for every route, stops, and tells what came of it. */
async function startOnce(subject, { isWarm, nodeCache }) {
  const { node, entry, traffic, profile, budget, rehearse, folder } = subject
  const reportFile = path.join(folder, 'start.report.json')
  rmSync(reportFile, { force: true })
  const env = {
    ...subject.env,
    ...debugEnvironment,
    ...(nodeCache !== undefined && { NODE_COMPILE_CACHE: nodeCache }),
    ...(isWarm && {
      PREWARM_PROFILE: profile,
      PREWARM_REPORT: reportFile,
      PREWARM_BUDGET: budget,
      PREWARM_REHEARSE: rehearse.join(','),
    }),
  }
  const args = isWarm ? ['--import', replayer, entry] : [entry]
  const errorFile = path.join(folder, 'start.stderr')
  const errors = openSync(errorFile, 'w')
  const service = await startService(node, args, env, errors)
  try {
    if (isWarm) await untilOpen(reportFile)
    // Rejects when a route is answered with anything but 200.
    await run(process.execPath, [traffic, '--url', service.url, '--requests', `${requestCount}`])
  } finally {
    await service.stop()
    closeSync(errors)
  }
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : null
  const printed = readFileSync(errorFile, 'utf8')
  return { report, said: withoutDebugLines(printed), node: countNodeCache(printed, dist) }
}

/**
 * What share of the modules that the service compiles had a cache: as Node says, or where it does not compile them all out of
 * prewarm's folder (with a load pack, and on Node 20), those that the run report calls applied, against all JavaScript modules of the profile.
 *
 * @param {Subject} subject
 * @param {number} moduleCount JavaScript modules of the profile
 */
export async function countHits(subject, moduleCount) {
  const { report, node } = await startOnce(subject, { isWarm: true })
  const { applied = 0, skipped = {} } = report?.codeCache ?? {}
  const isNodes = node.accepted > 0 && report?.load === undefined
  const compiled = node.accepted + node.missing + node.rejected.length
  return {
    outcome: report === null ? 'no report' : (report.reason ?? report.outcome),
    hits: isNodes ? node.accepted : applied,
    total: isNodes ? compiled : moduleCount - (skipped.NOT_LOADED ?? 0),
    skipped,
    rejections: (skipped.CACHE_REJECTED ?? 0) + node.rejected.length,
    nodeEntries: node,
  }
}

/**
 * Starts without and with prewarm in turn that share the user's own compile cache, which prewarm must leave as it is.
 *
 * @param {Subject} subject
 * @returns {Promise<{ starts: number, faults: string[] }>} one sentence a fault
 */
export async function alternate(subject) {
  const nodeCache = path.join(subject.folder, 'user-compile-cache')
  rmSync(nodeCache, { recursive: true, force: true })
  mkdirSync(nodeCache, { recursive: true })
  const faults = []
  for (let start = 1; start <= startCount; start++) {
    const isWarm = start % 2 === 0
    const which = `start ${start} (${isWarm ? 'with' : 'without'} prewarm)`
    try {
      const { report, said, node } = await startOnce(subject, { isWarm, nodeCache })
      const isFilled = start > 2
      if (node.rejected.length > 0) {
        faults.push(`${which}: Node refused ${node.rejected.length}, first ${node.rejected[0]}`)
      }
      if (isFilled && !isWarm && node.missing > 0) {
        faults.push(`${which}: ${node.missing} entries are gone`)
      }
      if (subject.hasNodeCache && isFilled && !isWarm && node.accepted === 0) {
        faults.push(`${which}: Node did not say that it took anything from its cache`)
      }
      if (said !== '') faults.push(`${which}: said ${JSON.stringify(said.slice(0, 200))}`)
      if (!isWarm) continue
      if (report?.outcome !== 'applied') faults.push(`${which}: ${report?.detail ?? 'no report'}`)
      const rejected = report?.codeCache.skipped.CACHE_REJECTED ?? 0
      if (rejected > 0) faults.push(`${which}: V8 refused ${rejected} caches of the profile`)
      if (report?.flagsRestored === false) faults.push(`${which}: a V8 flag was left changed`)
    } catch (error) {
      faults.push(`${which}: ${error.message.trim().split('\n')[0]}`)
    }
  }
  return { starts: startCount, faults }
}
