import { copyFileSync, cpSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { reportOf } from '../../harness.ts'
import { report } from '../corpus/report.ts'
import { differences, type Document } from '../document.ts'
import { json, writeFiles } from '../files.ts'
import { startCold, startRecorded, startReplayed, startWriting, type Place } from '../starts.ts'
import type { Edit } from './edits.ts'
import { nodePathFiles, type Kind } from './units.ts'

/** One unit of the application and what happens to it. */
export interface Case {
  readonly kind: Kind
  readonly edit: Edit
  readonly source: string
}

/** What happens to the application as a whole between the two starts. */
export type Move = 'none' | 'copied elsewhere' | 'replaced by a copy'

export interface Problem {
  readonly case: Case
  /** After which start: with the edit, or with what was there before put back. */
  readonly when: 'edited' | 'restored'
  readonly differences: readonly string[]
}

const replay = { PREWARM_BUDGET: '0', PREWARM_MODE: 'auto' }

export interface Round {
  readonly problems: readonly Problem[]
  /** Cases in which the edit has changed what is loaded. */
  readonly changed: number
  /** Units of the load pack that were told to be stale after the edits. */
  readonly stale: number
}

/**
 * Starts an application that writes its caches, edits it, and starts it again with and without them: both have to see the same.
 * Then everything is put back, and it is started once more.
 */
export async function runRound(
  node: string,
  folder: string,
  cases: readonly Case[],
  move: Move,
): Promise<Round> {
  rmSync(folder, { recursive: true, force: true })
  const original = placeIn(folder, node, 'app')
  writeApp(original.root, cases)
  const before = relative(await startCold(original), original.root)
  await startRecorded(original)
  await startWriting(original, replay)
  const kept = path.join(folder, 'kept')
  copyTree(original.root, kept)
  const place = moved(original, folder, node, move)
  for (const [index, { edit, source }] of cases.entries()) {
    edit.apply({ unit: unitIn(place.root, index), source })
  }
  const { root } = place
  const edited = relative(await startReplayed(place, replay), root)
  const stale = await staleIn(place)
  const expected = relative(await startCold(place), root)
  for (const name of ['units', 'node-path-1']) {
    rmSync(path.join(root, name), { recursive: true })
    copyTree(path.join(kept, name), path.join(root, name))
  }
  const restored = relative(await startReplayed(place, replay), root)
  return {
    problems: [
      ...compare(cases, expected, edited, 'edited'),
      ...compare(cases, before, restored, 'restored'),
    ],
    changed: compare(cases, before, expected, 'edited').length,
    stale,
  }
}

async function staleIn({ profile }: Place): Promise<number> {
  const report = await reportOf(`${profile}.report.json`)
  return report.load?.skipped.LOAD_STALE ?? 0
}

function placeIn(folder: string, node: string, name: string): Place {
  const own = path.join(folder, name)
  mkdirSync(own, { recursive: true })
  const nodePath = ['node-path-1', 'node-path-2'].map((each) => `{root}/${each}`)
  return {
    node,
    root: path.join(own, 'app'),
    profile: path.join(own, 'app.prewarm'),
    entry: 'server.js',
    flags: [],
    env: { NODE_PATH: nodePath.join(path.delimiter) },
  }
}

function moved(original: Place, folder: string, node: string, move: Move): Place {
  const { root, profile } = original
  switch (move) {
    case 'none':
      return original
    case 'replaced by a copy':
      renameSync(root, `${root}.old`)
      copyTree(`${root}.old`, root)
      return original
    case 'copied elsewhere': {
      // With its caches, as an image is made.
      const place = placeIn(folder, node, 'elsewhere')
      copyTree(root, place.root)
      copyFileSync(profile, place.profile)
      copyTree(`${profile}.cache`, `${place.profile}.cache`)
      return place
    }
  }
}

function copyTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
}

function unitIn(root: string, index: number): string {
  // Each in a folder of its own, for what is added further out.
  return path.join(root, 'units', String(index), 'unit')
}

function writeApp(root: string, cases: readonly Case[]): void {
  for (const [index, { kind }] of cases.entries()) writeFiles(unitIn(root, index), kind.files)
  const entries = cases.map(({ kind }, index) => `./units/${index}/unit/${kind.entry}`)
  writeFiles(root, {
    ...report,
    ...nodePathFiles,
    'package.json': json({ name: 'stale', version: '1.0.0' }),
    'server.js': `
require('./report.cjs')
// Of CommonJS that is none Node 20 also tells a promise that nobody holds.
process.on('unhandledRejection', () => undefined)
async function main() {
  for (const [index, name] of ${JSON.stringify(entries)}.entries()) {
    await attempt(String(index), () => name.endsWith('.mjs') ? import(name) : require(name))
  }
  require('./serve.cjs')()
}
main()
`,
  })
}

/** The same wherever the application is. */
function relative(document: Document, root: string): Document {
  return JSON.parse(JSON.stringify(document).replaceAll(root, '{root}')) as Document
}

function compare(
  cases: readonly Case[],
  expected: Document,
  actual: Document,
  when: Problem['when'],
): Problem[] {
  return cases.flatMap((each, index) => {
    const name = String(index)
    const [one, other] = [expected, actual].map((all) => all.filter(([of]) => of === name))
    const found = differences(one ?? [], other ?? [], { hasFrames: false })
    return found.length === 0 ? [] : [{ case: each, when, differences: found }]
  })
}
