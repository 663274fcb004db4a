/** What the cases of scripts/chaos.mjs have in common: a folder with a profile, starts with it, and clients that look closely. */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { cli, root, startService } from '../shop.mjs'

export const service = path.join(root, 'scripts', 'chaos', 'service.cjs')
export const replayer = path.join(root, 'dist', 'replay.mjs')
export const paths = ['/orders', '/items', '/users']
/** What the service answers for each kind of records. */
const sums = { a: 355920, b: 415360, c: 355920, d: 355920, e: 474560 }
const limitMs = 30_000

/** Records the service under traffic with records of the first shape. */
export async function recordService(node, profile) {
  const args = [cli, 'record', '-o', profile, '--force', '--quiet', '--', node, service]
  const staging = await startService(process.execPath, args, { PREWARM_SAMPLING_MICROS: '1000' })
  for (let time = 0; time < 150; time++) {
    for (const each of paths) await (await fetch(`${staging.url}${each}?kind=a`)).text()
  }
  const code = await staging.stop()
  if (code !== 0) throw new Error(`recording ended with ${code}\n${staging.stderr()}`)
}

/** A profile in a folder of its own, and starts with it. Everything that goes wrong is noted in `problems`. */
export class Place {
  problems = []
  facts = {}
  #reports = 0

  /** @param {{ node: string, folder: string, recorded: string }} chaos @param {string} name @param {Uint8Array} [content] */
  constructor({ node, folder, recorded }, name, content) {
    this.node = node
    this.folder = path.join(folder, name)
    mkdirSync(this.folder)
    this.profile = path.join(this.folder, 'app.prewarm')
    if (content === undefined) copyFileSync(recorded, this.profile)
    else writeFileSync(this.profile, content)
    this.env = {
      PREWARM_PROFILE: this.profile,
      PREWARM_STATE_DIR: '',
      PREWARM_MODE: 'auto',
      PREWARM_BUDGET: '20s',
      PREWARM_ROUNDS: '40',
      PREWARM_WATCH: '3s',
      PREWARM_CONFIG: '',
    }
  }

  expect(holds, problem) {
    if (!holds) this.problems.push(problem)
  }

  /** The service with a report of its own, `report()` for short. */
  async start(env = {}, preloads = [], wrap = []) {
    const file = env.PREWARM_REPORT ?? path.join(this.folder, `report-${this.#reports++}.json`)
    const imports = preloads.flatMap((each) => [
      '--import',
      path.join(root, 'scripts', 'chaos', each),
    ])
    const command = [...wrap, this.node, ...imports, '--import', replayer, service]
    const all = { ...this.env, PREWARM_REPORT: file, ...env }
    const started = await startService(command[0], command.slice(1), all)
    return {
      ...started,
      reportThat: (holds) => reportThat(file, holds),
      report: () => reportThat(file, () => true),
    }
  }

  /** A start that is to die before it listens; false: it did not. */
  async dies(env = {}) {
    try {
      const started = await this.start(env)
      await started.stop()
      return false
    } catch {
      return true
    }
  }

  markers(folder = this.folder) {
    return readdirSync(folder).filter((name) => name.endsWith('.start'))
  }

  events(folder = this.folder) {
    try {
      return (
        readFileSync(path.join(folder, 'app.prewarm.guard.jsonl'), 'utf8').match(
          /"(event|reason)":"\w+"/g,
        ) ?? []
      )
    } catch {
      return []
    }
  }

  async guard(command, ...args) {
    const all = [cli, 'guard', command, '-p', this.profile, ...args]
    const env = { ...process.env, PREWARM_STATE_DIR: '' }
    return (await promisify(execFile)(process.execPath, all, { env })).stdout
  }

  /** Asks every route so often, and notes what is not answered as it should be. */
  async ask({ url }, times, { kinds = ['a'], pauseMs = 0, headers = {} } = {}) {
    for (let time = 0; time < times; time++) {
      for (const each of paths) {
        const kind = kinds[time % kinds.length]
        const wanted = `${each} ${kind} ${sums[kind]}\n`
        try {
          const response = await fetch(`${url}${each}?kind=${kind}`, { headers })
          const body = await response.text()
          this.expect(
            response.status === 200 && body === wanted,
            `${each}: ${response.status} ${body.slice(0, 60)}`,
          )
        } catch (error) {
          this.problems.push(`${each}: ${error.cause?.code ?? error.message}`)
        }
        if (pauseMs > 0) await pause(pauseMs)
      }
    }
  }

  /** What a start with the profile as it stands comes to, its answers and its end included. */
  async check(outcome, reason, env = {}, preloads = [], wrap = []) {
    const started = await this.start(env, preloads, wrap)
    const report = await started.report()
    await this.ask(started, 3)
    this.expect(
      report?.outcome === outcome && report.reason === reason,
      `${outcome} ${reason ?? ''} was expected: ${report?.outcome}, ${report?.reason}, ${report?.detail}`,
    )
    const code = await started.stop()
    this.expect(code === 0, `ended with ${code}`)
    this.expect(started.stderr() === '', `said ${started.stderr().slice(0, 200)}`)
    return report
  }
}

/** @returns {Promise<boolean>} whether it came to hold in time */
export async function holds(condition, ms = limitMs) {
  const deadline = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > deadline) return false
    await pause(20)
  }
  return true
}

/** The report once it says so; undefined: it never did. */
async function reportThat(file, says) {
  let report
  const isThere = await holds(() => {
    try {
      report = JSON.parse(readFileSync(file, 'utf8'))
      return says(report)
    } catch {
      return false
    }
  })
  return isThere ? report : undefined
}

export function remove(file) {
  rmSync(file, { force: true })
}
