/** How a service is started: the arms, in the order in which they are shown. */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../shop.mjs'

export const armNames = ['cold', 'node-compile-cache', 'prewarm', 'trust-baked']
/** What the others are compared with. */
export const references = ['cold', 'node-compile-cache']
const trustSetting = 'PREWARM_TRUST_BAKED'

/**
 * @typedef {object} Arm
 * @property {string} name
 * @property {readonly string[]} flags of Node
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} hasCaches starts before the measurement fill them
 * @property {string} [nodeCache] the folder that Node fills
 * @property {string} [report] of the replayer, where it is in the process
 * @property {() => void} prepare to be called before every start
 */

/**
 * Why an arm cannot be measured, in this build or on this Node line; undefined: it can be.
 *
 * @param {string} name
 * @param {string} line
 */
export async function hindranceOf(name, line) {
  const { replaySettings } = await import('../../dist/formats/settings.js')
  const isKnown = Object.values(replaySettings).some(({ env }) => env === trustSetting)
  if (name === 'node-compile-cache' && line === '20') return 'Node 20 has no compile cache'
  if (name === 'trust-baked' && !isKnown) return `this build does not know ${trustSetting}`
  return undefined
}

/**
 * @param {readonly string[]} names
 * @param {{ folder: string, profile: string }} place
 * @returns {readonly Arm[]}
 */
export function armsOf(names, { folder, profile }) {
  const state = path.join(folder, 'state')
  const report = path.join(folder, 'report.json')
  const replay = (name, env = {}) => ({
    name,
    flags: ['--import', pathToFileURL(path.join(root, 'dist', 'replay.mjs')).href],
    env: {
      PREWARM_PROFILE: profile,
      PREWARM_MODE: 'auto',
      // The port opens at once: what is measured is loading, not rehearsal.
      PREWARM_BUDGET: '0',
      PREWARM_STATE_DIR: state,
      PREWARM_REPORT: report,
      ...env,
    },
    hasCaches: true,
    report,
    prepare() {
      // Every measured start is killed, which the guard would take for the work of the profile.
      rmSync(state, { recursive: true, force: true })
      mkdirSync(state)
    },
  })
  const plain = { flags: [], hasCaches: false, prepare: () => undefined }
  const nodeCache = path.join(folder, 'node-cache')
  const arms = [
    { ...plain, name: 'cold', env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
    {
      ...{ ...plain, name: 'node-compile-cache', env: { NODE_COMPILE_CACHE: nodeCache } },
      ...{ hasCaches: true, nodeCache },
    },
    replay('prewarm'),
    replay('trust-baked', { [trustSetting]: '1' }),
  ]
  return arms.filter(({ name }) => names.includes(name))
}
