/**
 * What a start takes until the port opens: wall time, processor time and memory, cold, with Node's compile cache, and with prewarm
 * that rehearses nothing; of the samples that serve, and of services of others, which are installed into `.services/`.
 * Usage: npm run load -- [--node 24] [--runs 10] [--only verdaccio,shop] [--arms cold,prewarm] [--json]
 * Exit codes: 0 fine, 1 a service could not be measured, 2 called wrongly.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from './databases.mjs'
import { armNames, hindranceOf } from './load/arms.mjs'
import { measure } from './load/measure.mjs'
import { services } from './load/services.mjs'
import { lines, nodeOfLine } from './node-lines.mjs'
import { freePort } from './samples.mjs'
import { root, run } from './shop.mjs'

const say = (text) => process.stderr.write(`${text}\n`)
const asked = readArguments()
const node = nodeOfLine(asked.line)

say('building')
await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { figuresOf, overall } = await import('./load/figures.mjs')
const arms = await chooseArms()

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interruption.abort())
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-load-'))
// The database has a user of its own.
chmodSync(folder, 0o755)
const { chosen, leftOut } = chooseServices()
let postgres
const measured = []
const failed = []
try {
  if (chosen.some(({ needsDatabase }) => needsDatabase)) postgres = await startDatabase()
  for (const service of chosen) {
    if (interruption.signal.aborted) break
    if (service.needsDatabase && postgres === undefined) {
      leftOut.push({ name: service.name, reason: 'no PostgreSQL is installed' })
    } else await measureOne(service)
  }
} finally {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}

const result = {
  ...{ schemaVersion: 1, node: versionOf(node), runs: asked.runs },
  ...{ services: measured, overall: overall(measured), failed, leftOut },
}
if (asked.json) console.log(JSON.stringify(result, null, 2))
else {
  const { renderLoad } = await import('./load/render.mjs')
  console.log(renderLoad(result))
}
process.exitCode = failed.length > 0 ? 1 : 0

function versionOf(executable) {
  return execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim()
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        node: { type: 'string', default: process.versions.node.split('.')[0] },
        runs: { type: 'string', default: '10' },
        only: { type: 'string' },
        arms: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const { node: line, runs, only, arms, json } = values
    among(lines, [line], '--node')
    if (!/^[1-9]\d*$/.test(runs)) throw new Error(`--runs ${runs}: not a whole number from 1 on`)
    const names = services.map(({ name }) => name)
    return {
      line,
      runs: Number(runs),
      only: only === undefined ? undefined : among(names, only.split(','), '--only'),
      arms: arms === undefined ? undefined : among(armNames, arms.split(','), '--arms'),
      json,
    }
  } catch (error) {
    return misused(error.message)
  }
}

/** In the order of `known`. */
function among(known, given, option) {
  const unknown = given.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`${option} ${unknown}: choose of ${known.join(', ')}`)
  return known.filter((name) => given.includes(name))
}

function misused(message) {
  say(message)
  process.exit(2)
}

/** Those that were asked for, or all that can be measured; a cold start always, for the others to be compared with. */
async function chooseArms() {
  const able = []
  for (const name of armNames) {
    const hindrance = await hindranceOf(name, asked.line)
    const isAsked = asked.arms?.includes(name) ?? false
    if (hindrance !== undefined && isAsked) misused(`--arms ${name}: ${hindrance}`)
    if (hindrance === undefined && (asked.arms === undefined || isAsked || name === 'cold')) {
      able.push(name)
    }
  }
  return able
}

function chooseServices() {
  const wanted = services.filter(({ name }) => asked.only?.includes(name) ?? true)
  const reasonOf = ({ onlyNamed, without }) =>
    without?.[asked.line] ?? (asked.only === undefined ? onlyNamed : undefined)
  return {
    chosen: wanted.filter((service) => reasonOf(service) === undefined),
    leftOut: wanted.flatMap((service) => {
      const reason = reasonOf(service)
      return reason === undefined ? [] : [{ name: service.name, reason }]
    }),
  }
}

async function startDatabase() {
  const port = await freePort()
  const database = await startPostgres(makeFolder('postgres'), port)
  return database && { ...database, host: '127.0.0.1', port }
}

function makeFolder(name) {
  const made = path.join(folder, name)
  mkdirSync(made)
  return made
}

async function measureOne(service) {
  const { name, version } = service
  try {
    const own = makeFolder(name)
    const { starts, ...facts } = await measure(service, {
      ...{ node, line: asked.line, runs: asked.runs, arms, folder: own },
      signal: interruption.signal,
      database: service.needsDatabase ? databaseFor(name) : undefined,
      say: (text) => say(`${name}: ${text}`),
    })
    measured.push({ name, version, ...facts, ...figuresOf(starts), starts })
  } catch (error) {
    say(`${name}: ${error.message}`)
    failed.push({ name, error: error.message.split('\n')[0] })
  }
}

function databaseFor(service) {
  const { host, port, createDatabase } = postgres
  const name = service.replaceAll('-', '_')
  createDatabase(name)
  return { host, port, name, url: `postgres://shop@${host}:${port}/${name}` }
}
