/** One service: a first start, a recording, starts that fill the caches, then the arms in turn. */
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { plainEnvironment } from '../environment.mjs'
import { cli, run } from '../shop.mjs'
import { armsOf } from './arms.mjs'
import { record, startOnce } from './starts.mjs'

/** Of every arm that has caches, in order; the last one finds them as the measured ones will. */
const fillingStarts = 2
/** They fill the page cache. */
const discardedRounds = 2
/** Entries of Node's cache, in relation to the modules; with fewer the arm would be cold for the most part. */
const leastEntries = 0.9

/**
 * @typedef {object} Measured
 * @property {number} modules JavaScript modules that are loaded before the service listens
 * @property {readonly { arm: string, report: object }[]} replays run reports of the arms with prewarm, of a start before the measured ones
 * @property {Readonly<Record<string, readonly import('./starts.mjs').Mark[]>>} starts by arm; those of a round have the same index
 */

/**
 * @param {import('./services.mjs').Service} service
 * @param {object} options
 * @param {string} options.node
 * @param {string} options.line
 * @param {number} options.runs
 * @param {readonly string[]} options.arms
 * @param {string} options.folder of this service
 * @param {import('./services.mjs').Place['database']} options.database
 * @param {AbortSignal} options.signal
 * @param {(text: string) => void} options.say
 * @returns {Promise<Measured>} rejects when an arm would not be what it is called
 */
export async function measure(service, options) {
  const { node, line, runs, arms: names, folder, database, signal, say } = options
  const home = path.join(folder, 'home')
  mkdirSync(home, { recursive: true })
  await service.install()
  const start = await service.start({ folder: home, database })
  const subject = { node, start, folder, signal }
  const profile = path.join(folder, `${service.name}.prewarm`)
  const arms = armsOf(names, { folder, profile })

  say('first start')
  // It makes files and tables, which no later one does.
  await startOnce(subject, armsOf(['cold'], { folder, profile })[0], 'exit')
  say('recording')
  await record(subject, profile)
  say('filling the caches')
  await bake(subject, profile)
  const modules = await countModules(profile)
  const replays = []
  for (const arm of arms) {
    if (arm.hasCaches) await fill(subject, arm)
    if (arm.nodeCache !== undefined) checkEntries(arm.nodeCache, modules)
    if (arm.report !== undefined) replays.push({ arm: arm.name, report: readReport(arm) })
  }

  const starts = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < discardedRounds + runs; round++) {
    say(`round ${round + 1} of ${discardedRounds + runs}`)
    for (let place = 0; place < arms.length; place++) {
      // Each time in another order.
      const arm = arms[(round + place) % arms.length]
      arm.prepare()
      const mark = await startOnce(subject, arm, 'die')
      if (round >= discardedRounds) starts[arm.name].push(mark)
    }
  }
  return { modules, replays, starts }
}

async function fill(subject, arm) {
  for (let start = 0; start < fillingStarts; start++) {
    if (arm.report !== undefined) rmSync(arm.report, { force: true })
    arm.prepare()
    await startOnce(subject, arm, 'exit')
  }
}

function checkEntries(nodeCache, modules) {
  const entries = readdirSync(nodeCache, { recursive: true }).length
  if (entries >= leastEntries * modules) return
  throw new Error(`Node's compile cache has ${entries} entries for ${modules} modules`)
}

function readReport({ name, report: file }) {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const { outcome, reason, detail } = report
  if (outcome !== 'applied') throw new Error(`${name} starts cold: ${reason}, ${detail}`)
  return report
}

async function bake({ node, start }, profile) {
  const command = ['bake', '-p', profile, '--', node, ...start.command]
  const env = { ...plainEnvironment(), ...start.env }
  await run(process.execPath, [cli, ...command], { cwd: start.cwd, env })
}

async function countModules(profile) {
  const { decodeProfile } = await import('../../dist/formats/index.js')
  return decodeProfile(readFileSync(profile)).modules.filter(
    ({ format, phase }) => phase === 'startup' && ['cjs', 'esm'].includes(format),
  ).length
}
