/** Recording a sample, samples/shop above all, under its traffic: what the demo, the benchmarks and the end-to-end tests begin with. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Service
 * @property {string} url
 * @property {import('node:child_process').ChildProcess} child
 * @property {() => string} stdout what it has printed so far
 * @property {() => string} stderr
 * @property {Promise<number | string>} ended its exit code, or the signal that ended it; all that it prints has been read
 * @property {(signal?: NodeJS.Signals) => Promise<number | string>} stop ends it
 */

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
export const cli = path.join(root, 'dist', 'cli', 'main.js')
export const shop = path.join(root, 'samples', 'shop')
export const pricing = path.join(root, 'samples', 'pricing')

/**
 * Starts a command and resolves with it and the address that it prints once it listens.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {number} [stderrFile] descriptor of a file that takes what it prints there: of a full pipe Node drops native output
 * @returns {Promise<Service>}
 */
export async function startService(command, args, env = {}, stderrFile) {
  const child = spawn(command, args, {
    env: { ...process.env, NODE_ENV: 'production', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', stderrFile ?? 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      const found = /https?:\/\/\S+/.exec(stdout)
      if (found !== null) resolve(found[0])
    })
    ended.then(() => reject(new Error(`${command} ended before it listened:\n${stderr}`)), reject)
  })
  return {
    url,
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** Runs a command to its end; rejects with what it printed when it fails. */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options })
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}\n${stderr}`)
}

/**
 * @param {string} folder of the sample, with its `traffic.js`
 * @param {string} node
 * @param {string} profile
 * @param {number} requests
 * @param {NodeJS.ProcessEnv} env
 * @param {string} entry file below the folder
 * @returns {Promise<string>} the line that the recorder prints
 */
export async function recordSample(folder, node, profile, requests, env = {}, entry = 'server.js') {
  const args = [cli, 'record', '-o', profile, '--force', '--', node, path.join(folder, entry)]
  const service = await startService(process.execPath, args, env)
  const traffic = [
    path.join(folder, 'traffic.js'),
    '--url',
    service.url,
    '--requests',
    `${requests}`,
  ]
  await run(process.execPath, traffic)
  const code = await service.stop()
  // Some frameworks clean up and then end the process as the signal would have, or with the code of that.
  if (![0, 143, 'SIGTERM'].includes(code))
    throw new Error(`recording ended with ${code}\n${service.stderr()}`)
  return service.stderr().trim()
}

/**
 * @param {string} node
 * @param {string} profile
 * @param {number} requests
 * @param {NodeJS.ProcessEnv} env
 */
export function recordShop(node, profile, requests, env = {}) {
  return recordSample(shop, node, profile, requests, env)
}
