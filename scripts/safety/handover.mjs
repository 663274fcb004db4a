/**
 * samples/handover restarted over and over under load, every start rehearsed: no request fails, and nothing is left behind.
 * Usage: node scripts/safety/handover.mjs [--node 24] [--way supervisor] [--starts 1000]
 */
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { nodeOfLine } from '../node-lines.mjs'
import { cli, root, startService } from '../shop.mjs'

const sample = path.join(root, 'samples', 'handover')
const replayer = path.join(root, 'dist', 'replay.mjs')
const client = path.join(root, 'scripts', 'safety', 'handover-client.mjs')
/** Longer than the sample waits for what has not ended. */
const limitMs = 30_000

/** Whether the kernel hands connections of a socket that closes to another on the same port. */
export const migratesQueue = () => {
  try {
    return readFileSync('/proc/sys/net/ipv4/tcp_migrate_req', 'utf8').trim() === '1'
  } catch {
    return false
  }
}

/**
 * @param {{ node: string, folder: string, starts: number, way: 'supervisor' | 'reuse-port' }} options
 *   `node`: binary; `folder`: for profile and reports
 * @returns {Promise<{ problems: string[], facts: Record<string, unknown> }>} With `reuse-port` a new connection that is reset
 *   without a byte is a problem only where the kernel migrates the queue; elsewhere it is repeated and counted (`reset`).
 */
export async function restartUnderLoad({ node, folder, starts, way }) {
  const begin = way === 'supervisor' ? startSupervisor : startReusing
  const profile = path.join(folder, `${way}.prewarm`)
  await record(node, way, profile)
  const cold = await coldResources(begin, node)

  const report = path.join(folder, `${way}-{pid}.json`)
  const service = await begin(node, {
    PREWARM_PROFILE: profile,
    PREWARM_ROUNDS: '3',
    PREWARM_BUDGET: '30s',
    PREWARM_REPORT: report,
  })
  const { port } = new URL(service.url)
  const load = fork(client, [port], { execArgv: [] })
  const problems = []
  const rehearsed = []
  const closing = {}
  let descriptors
  const startedAt = performance.now()
  let result
  try {
    for (let start = 0; start < starts && problems.length < 20; start++) {
      const code = await service.restart()
      if (code !== 0) problems.push(`start ${start}: the old process ended with ${code}`)
      const pid = service.pid()
      let now
      const isLikeCold = async () => {
        now = await processOf(service.url)
        const own = Array.from({ length: now.connections }, () => 'TCPSocketWrap')
        return without(now.resources, [...cold, ...own]).length === 0
      }
      // Connections of clients come and go, and one that closes is no longer counted; what leaks is there for good.
      if (!(await holds(isLikeCold))) problems.push(`start ${start}: holds ${now.resources}`)
      if (now.pid !== pid) problems.push(`start ${start}: ${now.pid} answers, not ${pid}`)
      for (const each of without(now.resourcesAtOpening, cold)) {
        closing[each] = (closing[each] ?? 0) + 1
      }
      const { outcome, detail, rehearsal } = await reportOf(report.replace('{pid}', pid))
      if (outcome !== 'applied' || rehearsal.applied === 0) {
        problems.push(`start ${start}: ${outcome}, ${detail}, ${JSON.stringify(rehearsal)}`)
      }
      rehearsed.push(rehearsal.requests)
      descriptors ??= descriptorsOf(service.holder())
    }
    load.send('stop')
    ;[result] = await once(load, 'message')
  } catch (error) {
    await service.stop()
    throw error
  } finally {
    load.kill()
  }
  const msPerStart = Math.round((performance.now() - startedAt) / starts)
  const isIdle = async () => (await socketsOf(service.pid())).every((line) => /^LISTEN/.test(line))
  if (!(await holds(isIdle))) problems.push(`still open: ${await socketsOf(service.pid())}`)
  const grown = descriptorsOf(service.holder()) - descriptors
  if (way === 'supervisor' && grown > 0) problems.push(`${grown} descriptors more than at first`)
  const code = await service.stop()
  if (code !== 0) problems.push(`the last process ended with ${code}`)

  const left = await socketsOn(port)
  const live = left.filter((line) => /^(LISTEN|ESTAB|CLOSE-WAIT)/.test(line))
  const timeWait = left.filter((line) => /^TIME-WAIT/.test(line)).length
  if (live.length > 0) problems.push(`left behind: ${live}`)
  const { fresh, kept, reset, retried, connections, failures } = result
  // Both ends of a connection may close it first.
  if (timeWait > 2 * (connections + starts)) problems.push(`${timeWait} in TIME_WAIT`)
  problems.push(...failures.slice(0, 20))
  if (failures.length > 20) problems.push(`and ${failures.length - 20} failures more`)
  const mayReset = way === 'reuse-port' && !migratesQueue()
  if (reset > 0 && !mayReset) problems.push(`${reset} new connections were reset`)
  if (fresh < starts || kept < starts) problems.push(`no load: ${fresh} fresh, ${kept} kept`)
  return {
    problems,
    facts: {
      ...{ way, starts, msPerStart, fresh, kept, reset, retried, timeWait },
      rehearsedPerStart: Math.min(...rehearsed),
      // By all starts together: what was there in the turn of 'listening' and not at a cold start.
      closingAtOpening: closing,
    },
  }
}

async function record(node, way, profile) {
  const script = path.join(sample, `${way}.js`)
  const args = [cli, 'record', '-o', profile, '--force', '--quiet', '--', node, script]
  const staging = await startService(process.execPath, args)
  for (let time = 0; time < 20; time++) {
    for (const each of ['/primes/300', `/primes/${time}`, '/words/now%20and%20then%20and%20now']) {
      await (await fetch(staging.url + each)).text()
    }
  }
  const code = await staging.stop()
  if (code !== 0) throw new Error(`recording ended with ${code}\n${staging.stderr()}`)
}

async function coldResources(begin, node) {
  const service = await begin(node, { PREWARM_MODE: 'off' })
  await processOf(service.url)
  let now
  // Node opens stderr when the first socket of a process is destroyed, and a rehearsal has done that.
  const isAlone = async () => (now = await processOf(service.url)).connections === 1
  if (!(await holds(isAlone))) throw new Error(`cold: ${JSON.stringify(now)}`)
  await service.stop()
  return without(now.resources, ['TCPSocketWrap'])
}

async function processOf(url) {
  return (await fetch(`${url}/process`, { headers: { connection: 'close' } })).json()
}

/**
 * @typedef {object} Handover
 * @property {string} url
 * @property {() => number} pid of the process that serves
 * @property {() => number} holder pid of the process that stays
 * @property {() => Promise<number | string>} restart code that the old process ended with, once the new one serves alone
 * @property {() => Promise<number | string>} stop ends it all
 */

/** @returns {Promise<Handover>} */
async function startReusing(node, env) {
  const args = ['--import', replayer, path.join(sample, 'reuse-port.js')]
  let serving = await startService(node, args, env)
  const { url } = serving
  return {
    url,
    pid: () => serving.child.pid,
    holder: () => serving.child.pid,
    async restart() {
      const old = serving
      serving = await startService(node, args, { ...env, PORT: new URL(url).port })
      return stopInTime(old)
    },
    stop: () => stopInTime(serving),
  }
}

/** @returns {Promise<Handover>} */
async function startSupervisor(node, env) {
  const args = ['--import', replayer, path.join(sample, 'supervisor.js')]
  const supervisor = await startService(node, args, env)
  const last = (pattern) => [...supervisor.stdout().matchAll(pattern)].at(-1)
  const pid = () => Number(last(/^(\d+) is open/gm)[1])
  return {
    url: supervisor.url,
    pid,
    holder: () => supervisor.child.pid,
    async restart() {
      const old = pid()
      const ended = new RegExp(`^${old} has ended with (.*)$`, 'gm')
      supervisor.child.kill('SIGHUP')
      if (!(await holds(() => pid() !== old))) return 'no new process'
      if (!(await holds(() => last(ended) !== undefined))) {
        process.kill(old, 'SIGKILL')
        return 'nothing in time'
      }
      const [, code] = last(ended)
      return code === '0' ? 0 : code
    },
    stop: () => stopInTime(supervisor),
  }
}

/** @returns {Promise<boolean>} whether it came to hold in time */
async function holds(condition) {
  const deadline = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > deadline) return false
    await pause(20)
  }
  return true
}

/** One that does not end by itself is killed. */
async function stopInTime(service) {
  const code = await Promise.race([
    service.stop(),
    pause(limitMs, 'nothing in time', { ref: false }),
  ])
  if (code === 'nothing in time') service.child.kill('SIGKILL')
  return code
}

async function reportOf(file) {
  let text = ''
  const isThere = () => {
    try {
      text = readFileSync(file, 'utf8')
    } catch {
      return false
    }
    return text.endsWith('}\n')
  }
  if (!(await holds(isThere))) throw new Error(`${file} was not written`)
  // Process ids come again.
  rmSync(file)
  return JSON.parse(text)
}

/** What of the first list the second does not have, one for one. */
function without(list, others) {
  const left = [...others]
  return list.filter((each) => {
    const index = left.indexOf(each)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  })
}

function descriptorsOf(pid) {
  return readdirSync(`/proc/${pid}/fd`).length
}

async function socketsOf(pid) {
  return (await sockets('-tanpH')).filter((line) => line.includes(`pid=${pid},`))
}

async function socketsOn(port) {
  return sockets('-tanH', `sport = :${port} or dport = :${port}`)
}

async function sockets(...args) {
  const { stdout } = await promisify(execFile)('ss', args, { maxBuffer: 2 ** 26 })
  return stdout.split('\n').filter((line) => line !== '')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      node: { type: 'string', default: process.versions.node.split('.')[0] },
      way: { type: 'string', default: 'supervisor' },
      starts: { type: 'string', default: '1000' },
    },
  })
  const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-handover-'))
  try {
    const { way } = values
    const options = { node: nodeOfLine(values.node), folder, starts: Number(values.starts), way }
    const outcome = await restartUnderLoad(options)
    process.stdout.write(`${JSON.stringify(outcome, null, 1)}\n`)
    if (outcome.problems.length > 0) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
