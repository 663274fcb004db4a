/** The samples that serve, as the matrix and the end-to-end tests take them: what to build, what to start, what to ask. */
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { root } from './shop.mjs'

/**
 * @typedef {object} Sample
 * @property {string} name its folder below samples/
 * @property {string} entry file below the folder that Node starts
 * @property {readonly string[]} [rehearse] routes that change nothing in spite of their method
 * @property {readonly (readonly string[])[]} [install] commands that fetch what the root of the repository does not install
 * @property {readonly (readonly string[])[]} [build] commands that make the entry
 * @property {string} [installed] below the folder: there once it has been installed
 * @property {boolean} [needsPort] takes port 0 for none given
 * @property {NodeJS.ProcessEnv} [env]
 */

/** Exact, so that a new pnpm changes nothing. */
const pnpm = ['npx', '--yes', 'pnpm@10.34.8']

/** @type {readonly Sample[]} */
export const samples = [
  { name: 'shop', entry: 'server.js', rehearse: ['POST /graphql'] },
  { name: 'shop-esm', entry: 'server.js', rehearse: ['POST /graphql'] },
  { name: 'fastify-esm', entry: 'server.js', rehearse: ['POST /forecasts'] },
  { name: 'nest', entry: 'dist/main.js', build: [['npm', 'run', 'build', '--silent']] },
  { name: 'hono', entry: 'server.js', rehearse: ['POST /journeys'] },
  {
    name: 'monorepo',
    entry: 'services/quotes/server.js',
    rehearse: ['POST /quotes'],
    install: [[...pnpm, 'install', '--frozen-lockfile', '--prefer-offline']],
    installed: 'node_modules/.modules.yaml',
  },
  {
    name: 'next',
    entry: '.next/standalone/server.js',
    install: [['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']],
    build: [['npm', 'run', 'build', '--silent']],
    installed: 'node_modules/next/package.json',
    needsPort: true,
    env: {
      HOSTNAME: '127.0.0.1',
      NEXT_TELEMETRY_DISABLED: '1',
      // It makes its handlers in its `listening` event.
      PREWARM_LISTENING: 'before',
    },
  },
]

/** Samples that the matrix leaves out, and why. */
export const withoutServer = {
  cli: 'a command that ends: its wall time is measured by `npm run commands`',
  handover: 'its subject is the restart, not the start',
  thumbnails: 'a queue worker that needs Redis: test/thumbnails.e2e.test.ts',
  pricing: 'no framework: `npm run ablation -- --sample pricing`',
}

/** @param {string} name */
export function sampleNamed(name) {
  const sample = samples.find((each) => each.name === name)
  if (sample !== undefined) return sample
  const others = samples.map((each) => each.name).join(', ')
  const reason = withoutServer[name] ?? 'there is no such sample'
  throw new Error(`${name}: ${reason}; choose of ${others}`)
}

/** @param {Sample} sample */
export const folderOf = ({ name }) => path.join(root, 'samples', name)

/** @param {Sample} sample */
export const entryOf = (sample) => path.join(folderOf(sample), sample.entry)

/**
 * Installs a sample that the root does not, once, and builds it when a source is newer than what was built. Rejects with what the
 * command printed.
 *
 * @param {Sample} sample
 */
export async function prepareSample(sample) {
  const { install = [], build = [], installed } = sample
  const folder = folderOf(sample)
  const isInstalled = installed === undefined || existsSync(path.join(folder, installed))
  const commands = [...(isInstalled ? [] : install), ...(isBuilt(sample) ? [] : build)]
  for (const command of commands) await runHere(command, folder, sample.env)
}

function isBuilt(sample) {
  const entry = statSync(entryOf(sample), { throwIfNoEntry: false })
  return entry !== undefined && newestIn(folderOf(sample)) < entry.mtimeMs
}

/** When the newest source was changed, ms since 1970. */
function newestIn(folder) {
  const times = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !made.has(name))
    .map((each) => {
      const file = path.join(folder, each.name)
      return each.isDirectory() ? newestIn(file) : statSync(file).mtimeMs
    })
  return Math.max(0, ...times)
}

const made = new Set(['node_modules', 'dist', '.next'])

/**
 * Variables that a sample is started with.
 *
 * @param {Sample} sample
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function environmentOf(sample) {
  const port = sample.needsPort === true ? await freePort() : 0
  return { NODE_ENV: 'production', PORT: `${port}`, ...sample.env }
}

async function runHere([command, ...args], cwd, env = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}\n${said}`)
}

/** A port of 127.0.0.1 that nobody has at the moment. */
export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
