import path from 'node:path'
import { cases } from './edits.ts'
import { pick, seeded } from './random.ts'
import { runRound, type Case, type Move, type Problem } from './round.ts'

export interface Stale {
  readonly node: string
  readonly folder: string
  readonly count: number
  readonly seed: number
  /** `kind: edit`; undefined: any. */
  readonly only?: string | undefined
  readonly onRound?: (done: number) => void
}

/** One difference, with what it takes to see it again. */
export interface Found {
  readonly name: string
  readonly move: Move
  /** Whether it is there with no other unit and no move. */
  readonly isAlone: boolean
  readonly problem: Problem
}

export interface Outcome {
  readonly found: readonly Found[]
  /** Edits that have changed what is loaded. */
  readonly changed: number
}

/** Units of one application: with more it takes longer to start than is spared. */
const mostUnits = 200
const mostShortened = 3
const moves: readonly Move[] = ['none', 'copied elsewhere', 'replaced by a copy']

/** Makes so many edits, each once before any comes again, and tells what was not noticed. */
export async function runStale(options: Stale): Promise<Outcome> {
  const { node, folder, count, seed, only, onRound } = options
  const random = seeded(seed)
  const all = cases.filter((each) => only === undefined || nameOf(each) === only)
  if (all.length === 0) throw new Error(`no such edit: ${only ?? ''}`)
  const wanted: Case[] = []
  while (wanted.length < count) {
    for (const each of shuffled(all, random).slice(0, count - wanted.length)) {
      wanted.push({ ...each, source: pick(random, each.kind.sources) })
    }
  }
  const found: Found[] = []
  let changed = 0
  // Each way to move the application has its share.
  const size = Math.min(mostUnits, Math.ceil(count / moves.length))
  for (let at = 0; at < wanted.length; at += size) {
    const move = moves[(at / size) % moves.length] ?? 'none'
    const round = wanted.slice(at, at + size)
    const ended = await runRound(node, path.join(folder, 'round'), round, move)
    changed += ended.changed
    for (const problem of ended.problems) {
      const isShort = found.length < mostShortened && (await isAlone(options, problem))
      found.push({ name: nameOf(problem.case), move, isAlone: isShort, problem })
    }
    onRound?.(Math.min(at + size, wanted.length))
  }
  return { found, changed }
}

async function isAlone({ node, folder }: Stale, problem: Problem): Promise<boolean> {
  const { problems } = await runRound(node, path.join(folder, 'alone'), [problem.case], 'none')
  return problems.length > 0
}

export function nameOf({ kind, edit }: Pick<Case, 'kind' | 'edit'>): string {
  return `${kind.name}: ${edit.name}`
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((each) => ({ each, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ each }) => each)
}

/** For people. */
export function describeFound({ name, move, isAlone, problem }: Found): string {
  const { source } = problem.case
  const where = isAlone ? 'alone' : move === 'none' ? 'among others' : `among others, ${move}`
  return `${name} (${source}), ${problem.when}, ${where}:\n  ${problem.differences.join('\n  ')}`
}
