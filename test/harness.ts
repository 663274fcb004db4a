import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import type { Profile } from '../formats/profile.ts'
import { decodeProfile } from '../formats/codec.ts'
import type { RunReport } from '../formats/report.ts'
import { lines, nodeOfLine } from '../scripts/node-lines.mjs'
import { cli, root, startService } from '../scripts/shop.mjs'

export { cli, root, startService }

/** Name and binary of every Node line under test; `PREWARM_LINES=24,26` takes some of them. */
export const nodeLines: readonly (readonly [line: string, node: string])[] = (
  process.env['PREWARM_LINES']?.split(',') ?? lines
).map((line) => [line, nodeOfLine(line)] as const)

export const replayer = path.join(root, 'dist', 'replay.mjs')
/** What the preload loads, from beside it. */
export const replayerScript = path.join(root, 'dist', 'replayer.cjs')
export const app = (name: string): string => path.join(root, 'test', 'apps', name)

/** A folder that is removed after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-test-'))
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built CLI to its end, as a user would. */
export async function prewarm(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return runToEnd(process.execPath, [cli, ...args], env)
}

export async function runToEnd(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, options)
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as Ended
    return { code, stdout, stderr }
  }
}

/** Records an application while `traffic` asks it for something, and returns its profile. */
export async function record(
  node: string,
  script: string,
  profile: string,
  traffic: (url: string) => Promise<void>,
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
): Promise<Profile> {
  const args = [cli, 'record', '-o', profile, '--force', '--', node, ...flags, script]
  const service = await startService(process.execPath, args, env)
  await traffic(service.url)
  await service.stop()
  return readProfile(profile)
}

export function readProfile(file: string): Profile {
  return decodeProfile(readFileSync(file))
}

/** Starts an application under the replayer, with a budget that ends no rehearsal unless `env` has another. */
export function replay(
  node: string,
  script: string,
  profile: string,
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
): ReturnType<typeof startService> {
  // The report of an earlier start could be taken for that of this one.
  rmSync(`${profile}.report.json`, { force: true })
  return startService(node, [...flags, '--import', replayer, script], {
    PREWARM_PROFILE: profile,
    PREWARM_BUDGET: '60s',
    ...env,
  })
}

/** Resolves when it holds; the time limit of the test is the only one. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** The run report, which is written once the port is open. */
export async function reportOf(file: string): Promise<RunReport> {
  // That of a cold start is not there all at once.
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('}\n'))
  return JSON.parse(readFileSync(file, 'utf8')) as RunReport
}

/** Body of the answer; throws when the status is not 200. */
export async function get(url: string, init?: RequestInit): Promise<string> {
  const response = await fetch(url, init)
  const body = await response.text()
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${body}`)
  return body
}

export async function ask(url: string, paths: readonly string[], times = 3): Promise<void> {
  for (let time = 0; time < times; time++) for (const each of paths) await get(url + each)
}
