import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cli, root as project, startService } from '../../scripts/shop.mjs'
import type { Document } from './document.ts'

/** An application in a folder, and how it is started. */
export interface Place {
  readonly node: string
  readonly root: string
  readonly profile: string
  /** Below the root; empty: the root itself. */
  readonly entry: string
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const replayer = path.join(project, 'dist', 'replay.mjs')
/** A load pack is written some seconds after the service has opened. */
const mostMs = 60_000

/** Without prewarm, and with a preload that does nothing: to have one changes how Node starts. */
export function startCold(place: Place): Promise<Document> {
  const preload = path.join(path.dirname(place.profile), 'empty.mjs')
  writeFileSync(preload, '')
  return documentOf(place.node, nodeArgs(place, preload), place)
}

export async function startRecorded(place: Place): Promise<Document> {
  const { node, profile } = place
  const args = [cli, 'record', '-o', profile, '--force', '--quiet', '--trial', '0', '--']
  return documentOf(process.execPath, [...args, node, ...nodeArgs(place)], place)
}

/** With the profile, for the first time; ends once the load pack is written. */
export function startWriting(place: Place, env: NodeJS.ProcessEnv = {}): Promise<Document> {
  return documentOf(place.node, nodeArgs(place, replayer), place, replayEnv(place, env), () =>
    packIn(`${place.profile}.cache`),
  )
}

/** With the profile. */
export function startReplayed(place: Place, env: NodeJS.ProcessEnv = {}): Promise<Document> {
  const report = `${place.profile}.report.json`
  rmSync(report, { force: true })
  return documentOf(place.node, nodeArgs(place, replayer), place, replayEnv(place, env), () =>
    existsSync(report),
  )
}

function replayEnv({ profile }: Place, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PREWARM_PROFILE: profile, PREWARM_ROUNDS: '1', PREWARM_MODE: 'auto', ...env }
}

function nodeArgs({ root, entry, flags }: Place, preload?: string): string[] {
  const own = flags.map((flag) => flag.replace('{root}', root))
  return [
    ...own,
    ...(preload === undefined ? [] : ['--import', preload]),
    ...[path.join(root, entry)],
  ]
}

async function documentOf(
  command: string,
  args: readonly string[],
  { root, env }: Place,
  more: NodeJS.ProcessEnv = {},
  hasEnded: () => boolean = () => true,
): Promise<Document> {
  const own = Object.entries(env).map(([name, value]) => [name, value.replace('{root}', root)])
  const service = await startService(command, args, {
    ...(Object.fromEntries(own) as NodeJS.ProcessEnv),
    ...more,
  })
  const document = (await (await fetch(service.url)).json()) as Document
  const since = performance.now()
  while (!hasEnded()) {
    if (performance.now() - since > mostMs) throw new Error('no load pack was written')
    await pause(50)
  }
  const code = await service.stop()
  if (code !== 0) throw new Error(`the application ended with ${code}\n${service.stderr()}`)
  return document
}

function packIn(folder: string): boolean {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) =>
      name.endsWith('.pack'),
    )
  } catch {
    return false
  }
}
