/** What Node's own compile cache did in a process that was started with `NODE_DEBUG_NATIVE=COMPILE_CACHE`; Node 22 and later. */

export const debugEnvironment = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }

// `cache for F was ...` on Node 22, `V8 code cache for ESM F was ...` later.
const outcome =
  /^\[compile cache\] .*?cache for (?:(?:CommonJS|ESM) )?(.+) was (accepted|rejected|not initialized)/gm

/**
 * @typedef {object} NodeCacheCounts
 * @property {number} accepted
 * @property {number} missing
 * @property {readonly string[]} rejected the files
 */

/**
 * @param {string} stderr
 * @param {string} without the folder of files that do not count: those of prewarm itself
 * @returns {NodeCacheCounts} of the modules that Node's loader compiled itself; nothing where no folder is set
 */
export function countNodeCache(stderr, without) {
  const rejected = []
  let accepted = 0
  let missing = 0
  for (const [, file, result] of stderr.matchAll(outcome)) {
    if (file.includes(without) || file.endsWith('canary.cjs')) continue
    if (result === 'accepted') accepted++
    else if (result === 'rejected') rejected.push(file)
    else missing++
  }
  return { accepted, missing, rejected }
}

/** Node's debug output taken out: what the service itself said. */
export function withoutDebugLines(stderr) {
  return stderr.replaceAll(/^\[compile cache\].*\n?/gm, '')
}
