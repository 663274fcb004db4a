import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { cli, root, run, startService } from '../shop.mjs'
import { bundle, editOf } from './bundle.mjs'

/**
 * @typedef {object} Found
 * @property {number} found functions of the profile
 * @property {number} applied those of them that were optimised when the port opened
 * @property {{ readonly applied: number, readonly skipped: Readonly<Record<string, number>> }} codeCache
 *
 * @typedef {object} Rebuilt
 * @property {number} bytes of the bundle
 * @property {number} wanted functions were optimised while recording
 * @property {number} edited of them have an edit inside
 * @property {number} others have none
 * @property {number} moved of these stand elsewhere in the new bundle
 * @property {number} share of the others that was found there, 0 to 1
 * @property {Found} before on the recorded bundle
 * @property {Found} after on the new one
 * @property {string} profile
 * @property {string} first the recorded bundle
 */

/**
 * Records a bundle, edits functions of it, bundles it again and replays the old profile on both.
 *
 * @param {object} options
 * @param {string} options.node
 * @param {string} options.sample its folder
 * @param {string} options.folder for what is made
 * @param {number} options.edits how many optimised functions are edited
 * @param {number} options.requests while recording
 * @param {(text: string) => void} [options.say]
 * @returns {Promise<Rebuilt>}
 */
export async function rebuild({ node, sample, folder, edits, requests, say = () => undefined }) {
  say('bundling ...')
  mkdirSync(folder, { recursive: true })
  const first = await bundle(sample, path.join(folder, 'first'))
  const profile = path.join(folder, 'bundle.prewarm')
  say(`recording ${requests} requests ...`)
  await record(node, sample, first.file, profile, requests)
  const { decodeProfile } = await import('../../dist/formats/codec.js')
  const wanted = decodeProfile(readFileSync(profile)).functions.filter(isWanted)

  const chosen = chooseEdits(first, wanted, edits)
  say(`bundling again with ${chosen.length} edits ...`)
  const second = await bundle(sample, path.join(folder, 'second'), chosen, '/* build 2 */')
  const isEdited = ({ position, length }) =>
    chosen.some(({ at }) => at > position && at < position + length)
  const others = wanted.filter((fn) => !isEdited(fn))
  const sourceOf = ({ position, length }) => first.code.slice(position, position + length)
  const moved = others.filter(
    (fn) =>
      !second.code.startsWith(sourceOf(fn), fn.position) && second.code.includes(sourceOf(fn)),
  )

  say('replaying both ...')
  const before = await replay(node, first.file, profile)
  const after = await replay(node, second.file, profile)
  return {
    bytes: Buffer.byteLength(first.code),
    wanted: wanted.length,
    edited: wanted.length - others.length,
    others: others.length,
    moved: moved.length,
    before,
    after,
    share: after.found / others.length,
    profile,
    first: first.file,
  }
}

/** Every so many of them, from the hottest to the last. */
function chooseEdits(first, wanted, count) {
  const possible = wanted.flatMap((fn, index) => {
    const edit = editOf(first, fn, `globalThis.edited = ${index};`)
    return edit === undefined ? [] : [edit]
  })
  const step = Math.max(1, possible.length / count)
  return Array.from({ length: Math.min(count, possible.length) }, (_, index) => {
    return possible[Math.floor(index * step)]
  })
}

function isWanted({ position, sourceHash, tier }) {
  return position !== null && sourceHash !== null && (tier === 'maglev' || tier === 'turbofan')
}

async function record(node, sample, file, profile, requests) {
  const args = [cli, 'record', '-o', profile, '--force', '--', node, file]
  const service = await startService(process.execPath, args)
  const traffic = [path.join(sample, 'traffic.js'), '--url', service.url]
  await run(process.execPath, [...traffic, '--requests', `${requests}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const code = await service.stop()
  if (code !== 0) throw new Error(`recording ended with ${code}\n${service.stderr()}`)
}

/** What a start with the profile has made of its optimised functions. */
async function replay(node, file, profile) {
  const report = `${file}.report.json`
  const service = await startService(
    node,
    ['--import', path.join(root, 'dist', 'replay.mjs'), file],
    {
      PREWARM_PROFILE: profile,
      PREWARM_REPORT: report,
      PREWARM_TIER_UP: 'both',
      PREWARM_BUDGET: '10s',
      PREWARM_ROUNDS: '120',
      PREWARM_STATE_DIR: path.join(path.dirname(file), 'state'),
    },
  )
  const { outcome, reason, detail, tierUp, codeCache, stages } = await untilWritten(report)
  await service.stop()
  if (outcome !== 'applied') throw new Error(`${file}: ${reason}: ${detail}`)
  const total = Object.values(tierUp.skipped).reduce((sum, count) => sum + count, tierUp.applied)
  const lost = tierUp.skipped.FUNCTION_NOT_FOUND ?? 0
  return { found: total - lost, ...tierUp, codeCache, stages }
}

async function untilWritten(report) {
  for (let waited = 0; waited < 200; waited++) {
    try {
      return JSON.parse(readFileSync(report, 'utf8'))
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error(`there is no ${report}`)
}
