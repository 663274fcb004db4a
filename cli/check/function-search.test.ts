import { expect, test } from 'vitest'
import { sha256 } from '../../formats/hash.ts'
import type { HotFunction } from '../../formats/profile.ts'
import { findUnchanged, type Effort } from './function-search.ts'

/** Functions as V8 places them: from the opening parenthesis, the parameter of an arrow, or `async` on. */
const sources = {
  declared: '(a, b) {\n  return a + b\n}',
  method: '(x) { return this.y + x }',
  arrow: '(x) => x * 2',
  single: 'item => item.name',
  // As the last of a call.
  asynchronous: 'async (req, res) => {\n  res.end(await answer(req))\n}',
  generator: '() { yield* [1, 2, 3] }',
}
const text = `'use strict'
function declared${sources.declared}
class A { method${sources.method} }
const arrow = ${sources.arrow}, names = list.map(${sources.single})
app.get('/', ${sources.asynchronous})
const o = { *generator${sources.generator} }
`

const hot = Object.entries(sources).map(([name, source]): HotFunction => {
  return {
    module: 0,
    name,
    line: 1,
    column: 1,
    position: text.indexOf(source),
    length: source.length,
    sourceHash: sha256(source),
    selfMs: 1,
    samples: 1,
    tier: null,
  }
})

function namesIn(changed: string, effort: Effort = { charactersLeft: 1_000_000 }): string[] {
  return [...findUnchanged(hot, text.length, changed, effort)].map(({ name }) => name)
}
const all = Object.keys(sources)

test('all are found where nothing has changed', () => {
  expect(namesIn(text)).toEqual(all)
})

test('all are found when each has moved by another distance', () => {
  expect(namesIn(`// a line\n\n${text}`)).toEqual(all)
  const lines = text
    .split('\n')
    .map((each, index) =>
      /^(?:function|class|const|app)/.test(each) ? `${'/* more */'.repeat(index)} ${each}` : each,
    )
  expect(namesIn(lines.join('\n'))).toEqual(all)
})

test('all are found in another order', () => {
  const parts = text.split(/\n(?=function|class|const|app)/)
  expect(namesIn(parts.reverse().join('\n')).sort()).toEqual([...all].sort())
})

test('what was edited is not found, and all else is', () => {
  expect(namesIn(text.replace('x * 2', 'x * 3'))).toEqual(all.filter((name) => name !== 'arrow'))
  expect(namesIn(text.replace('a + b', 'a +  b'))).toEqual(
    all.filter((name) => name !== 'declared'),
  )
  expect(namesIn('')).toEqual([])
})

test('what has no source in the profile is not found', () => {
  const unknown = hot.map((each) => ({ ...each, sourceHash: null }))
  expect(findUnchanged(unknown, text.length, text, { charactersLeft: 1000 }).size).toBe(0)
})

test('it ends when no effort is left', () => {
  const effort = { charactersLeft: 60 }
  expect(namesIn(text, effort).length).toBeLessThan(all.length)
  expect(effort.charactersLeft).toBeGreaterThanOrEqual(0)
})

test('a long name takes no longer than its length', () => {
  const data = `const data = ${'x'.repeat(2_000_000)}\n`
  expect(namesIn(`${data}${text}`)).toEqual(all)
})
