/**
 * An application that does harm on every GET: writes files, sends mail, spawns, posts, listens, exits, throws, never answers. It is rehearsed
 * twice: recorded while it did harm, so that staging has seen it; and recorded while it did none, so that nobody could know.
 * In both cases nothing must happen, the service must start, and the report must say why.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cli, root, startService } from '../shop.mjs'
import { startCounter } from './upstream.mjs'

const app = path.join(root, 'test', 'apps', 'hostile.cjs')
const replayer = path.join(root, 'dist', 'replay.mjs')
const survivable = [
  ...['/file', '/file-later', '/file-promise', '/file-stream', '/mail', '/spawn', '/post'],
  ...['/post-and-forget', '/datagram', '/worker', '/timer', '/report'],
  ...['/listen', '/listen-path', '/debug'],
]
/** Staging saw what the upstream answered, so that production can be answered from the tape. */
const taped = ['/post', '/post-and-forget']
const deadly = ['/exit', '/abort', '/kill', '/throw', '/throw-later', '/reject', '/silent']

/**
 * @param {string} node binary
 * @param {string} folder for the profiles
 * @returns {Promise<{ name: string, problems: string[], skipped: Record<string, string>, applied: number }[]>}
 */
export async function rehearseHostile(node, folder) {
  const seen = { name: 'seen in staging', armed: 'most', paths: survivable, rehearsed: taped }
  const unseen = {
    name: 'unseen in staging',
    armed: 'none',
    paths: [...survivable, ...deadly],
    rehearsed: [],
  }
  const results = []
  for (const each of [seen, unseen]) results.push(await rehearseOne(node, folder, each))
  return results
}

async function rehearseOne(node, folder, { name, armed, paths, rehearsed }) {
  const profile = path.join(folder, `hostile-${armed}.prewarm`)
  const harm = path.join(folder, `harm-${armed}`)
  mkdirSync(harm)
  const counter = await startCounter()
  try {
    const env = { ...counter.env, HARM_FOLDER: harm }
    const args = [cli, 'record', '-o', profile, '--force', '--', node, app]
    const staging = await startService(process.execPath, args, { ...env, ARMED: armed })
    for (const each of [...paths, '/harmless']) await (await fetch(staging.url + each)).text()
    await pause(100)
    await staging.stop()
    const before = { ...counter.counts, files: readdirSync(harm).length }
    rmSync(harm, { recursive: true })
    mkdirSync(harm)

    const production = await startService(node, ['--import', replayer, app], {
      ...env,
      ARMED: 'all',
      PREWARM_PROFILE: profile,
      PREWARM_ROUNDS: '5',
      PREWARM_BUDGET: '30s',
    })
    // Longer than the errors of a rehearsal are contained, so that what it left behind shows itself.
    await pause(6000)
    const isPortTaken = await counter.isPortTaken()
    const answer = await (await fetch(`${production.url}/harmless`)).text()
    const after = { ...counter.counts, files: readdirSync(harm).length }
    const code = await production.stop()
    const report = JSON.parse(readFileSync(`${profile}.report.json`, 'utf8'))
    const skipped = Object.fromEntries(
      report.skipped.map(({ unit, reason, detail }) => [
        unit.replace('GET ', ''),
        `${reason}${detail === undefined ? '' : `: ${detail}`}`,
      ]),
    )
    const happened = Object.keys(counter.counts).filter((kind) => after[kind] > before[kind])
    if (after.files > 0) happened.push(`files ${readdirSync(harm).join(' ')}`)
    if (isPortTaken) happened.push('listening')
    if (/Debugger listening/.test(production.stderr())) happened.push('debug port')
    const problems = [
      ...happened.map((kind) => `happened: ${kind}`),
      ...(answer === 'ok' && code === 0
        ? []
        : [`the service answered ${answer} and ended with ${code}`]),
      ...paths
        .filter((each) => skipped[each] === undefined && !rehearsed.includes(each))
        .map((each) => `not explained: ${each}`),
      ...(report.rehearsal.applied === rehearsed.length + 1
        ? []
        : [`${report.rehearsal.applied} rehearsed in place of ${rehearsed.length + 1}`]),
    ]
    return { name, problems, skipped, applied: report.rehearsal.applied }
  } finally {
    counter.stop()
  }
}
