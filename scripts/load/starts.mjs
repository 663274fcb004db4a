/** Single starts of a service, with the marker in it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { plainEnvironment } from '../environment.mjs'
import { cli, root } from '../shop.mjs'

const marker = path.join(root, 'scripts', 'load', 'marker.cjs')
const longestStartMs = 120_000
const longestStopMs = 60_000
/** Of a service that is recorded; what comes back does not matter. */
const requestCount = 4

/**
 * @typedef {object} Subject
 * @property {string} node
 * @property {import('./services.mjs').Start} start
 * @property {string} folder for what is written here
 * @property {AbortSignal} signal ends what has been started
 */

/**
 * @typedef {object} Mark
 * @property {number} port
 * @property {number} timeToListenMs since the process began
 * @property {number} cpuToListenMs of all its threads
 * @property {number} rssAtListenBytes
 */

/**
 * A start that ends once its port is open: `die` at once, so that no cache changes, `exit` some seconds later, in order.
 *
 * @param {Subject} subject
 * @param {{ flags: readonly string[], env: NodeJS.ProcessEnv }} arm
 * @param {'die' | 'exit'} then
 * @returns {Promise<Mark>} rejects when no port opens
 */
export async function startOnce({ node, start, folder, signal }, arm, then) {
  const { file, env } = markInto(folder, then)
  const args = [...arm.flags, '--require', marker, ...start.command]
  const service = launch(node, args, {
    cwd: start.cwd,
    env: { ...start.env, ...arm.env, ...env },
    signal,
  })
  const end = await service.endWithin(longestStartMs)
  if (!existsSync(file)) throw new Error(`no port was opened: ${end}\n${service.said()}`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/**
 * Records a start and a few requests. Rejects when no port opens, or no profile is written.
 *
 * @param {Subject} subject
 * @param {string} profile
 */
export async function record({ node, start, folder, signal }, profile) {
  const { file, env } = markInto(folder, 'stay')
  const command = [node, '--require', marker, ...start.command]
  const args = [cli, 'record', '-o', profile, '--force', '--', ...command]
  const recorder = launch(process.execPath, args, {
    cwd: start.cwd,
    env: { ...start.env, ...env },
    signal,
  })
  const ended = recorder.endWithin(longestStartMs + longestStopMs)
  let hasEnded = false
  void ended.then(() => (hasEnded = true))
  while (!existsSync(file) && !hasEnded) await delay(50)
  if (existsSync(file)) {
    const { port } = JSON.parse(readFileSync(file, 'utf8'))
    for (let request = 0; request < requestCount; request++) await ask(port)
    // Much loads more right after it listens.
    await delay(1000)
    recorder.stop()
  }
  const end = await ended
  if (!existsSync(profile)) throw new Error(`not recorded: ${end}\n${recorder.said()}`)
}

async function ask(port) {
  const signal = AbortSignal.timeout(5000)
  try {
    await (await fetch(`http://localhost:${port}/`, { signal, redirect: 'manual' })).arrayBuffer()
  } catch {
    // It may answer slowly or not at all.
  }
}

function markInto(folder, then) {
  const file = path.join(folder, 'mark.json')
  rmSync(file, { force: true })
  return { file, env: { LOAD_MARK_FILE: file, LOAD_MARK_THEN: then } }
}

/** In a process group of its own, so that nothing that the service starts outlives it. */
function launch(command, args, { cwd, env, signal }) {
  signal.throwIfAborted()
  const child = spawn(command, args, {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)))
  const exited = once(child, 'exit')
  const closed = once(child, 'close')
  const interrupt = () => endGroup(child)
  signal.addEventListener('abort', interrupt)
  return {
    said: () => said.trim(),
    stop: () => child.kill('SIGTERM'),
    /** How it ended, for people. */
    async endWithin(ms) {
      const timer = setTimeout(() => endGroup(child), ms)
      const [code, killedBy] = await exited
      clearTimeout(timer)
      signal.removeEventListener('abort', interrupt)
      endGroup(child)
      await closed
      return `ended with ${code ?? killedBy}`
    },
  }
}

function endGroup(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing of the group is left.
  }
}
