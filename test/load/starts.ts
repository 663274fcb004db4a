import { readdirSync, statSync, writeFileSync } from 'node:fs'
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
/** Long enough for a start to have begun writing, and to be seen writing. */
const settledMs = 400

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

/** With the profile; ends once the caches are written. */
export function startReplayed(place: Place, env: NodeJS.ProcessEnv = {}): Promise<Document> {
  return documentOf(place.node, nodeArgs(place, replayer), place, {
    PREWARM_PROFILE: place.profile,
    PREWARM_ROUNDS: '1',
    PREWARM_MODE: 'auto',
    ...env,
  })
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
  { root, env, profile }: Place,
  more: NodeJS.ProcessEnv = {},
): Promise<Document> {
  const own = Object.entries(env).map(([name, value]) => [name, value.replace('{root}', root)])
  const service = await startService(command, args, {
    ...(Object.fromEntries(own) as NodeJS.ProcessEnv),
    ...more,
  })
  const document = (await (await fetch(service.url)).json()) as Document
  if (more['PREWARM_PROFILE'] !== undefined) await settled(`${profile}.cache`)
  const code = await service.stop()
  if (code !== 0) throw new Error(`the application ended with ${code}\n${service.stderr()}`)
  return document
}

/** Resolves when nothing in the folder has changed for a while; it need not be there. */
async function settled(folder: string): Promise<void> {
  let since = performance.now()
  let before = stateOf(folder)
  while (performance.now() - since < settledMs) {
    await pause(50)
    const now = stateOf(folder)
    if (now !== before) since = performance.now()
    before = now
  }
}

function stateOf(folder: string): string {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return names
      .map((name) => {
        const { size, mtimeMs } = statSync(path.join(folder, name))
        return `${name} ${size} ${mtimeMs}`
      })
      .join('\n')
  } catch {
    // Not there, or a draft was renamed meanwhile.
    return ''
  }
}
