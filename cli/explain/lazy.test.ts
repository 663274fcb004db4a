import { expect, test } from 'vitest'
import type { FileCalls } from './calls.ts'
import { lazyCandidates, Needed, type LoadedGraph, type LoadedModule } from './lazy.ts'

/** `name: [package, ms, called, ...loads]`; called null: it has no functions. */
type Shape = Readonly<
  Record<string, readonly [name: string, ms: number, called: number | null, ...loads: string[]]>
>

function graphOf(shape: Shape): [LoadedGraph, ReadonlyMap<string, FileCalls>] {
  const files = Object.keys(shape)
  const modules = Object.entries(shape).map(([file, [name, costMs]], index): LoadedModule => ({
    file,
    package: name,
    isJson: file.endsWith('.json'),
    isFixed: index === 0,
    costMs,
    sizeBytes: 10,
  }))
  const edges = Object.values(shape).flatMap(([, , , ...loads], from) =>
    loads.map((to) => [from, files.indexOf(to)] as const),
  )
  const calls = Object.entries(shape).map(([file, [, , called]]) => {
    const functions = called === null ? 0 : 2
    return [file, { functions, called: called ?? 0 }] as const
  })
  return [{ modules, edges }, new Map(calls)]
}

test('a candidate has no function that was called, and costs what only it loads', () => {
  const [graph, calls] = graphOf({
    'app.js': ['', 1, 1, 'heavy.js', 'used.js'],
    'heavy.js': ['heavy@1', 10, 0, 'part.js', 'shared.js', 'names.json'],
    'part.js': ['part@1', 5, 0],
    'shared.js': ['shared@1', 7, 0],
    'used.js': ['used@1', 3, 1, 'shared.js'],
    'names.json': ['heavy@1', 2, null],
  })
  const { modules, packages, withoutFunctions } = lazyCandidates(graph, calls)
  expect(modules).toEqual([
    { module: 1, selfMs: 10, ms: 17, modules: 3, functions: 2 },
    { module: 3, selfMs: 7, ms: 7, modules: 1, functions: 2 },
  ])
  expect(packages.map(({ package: name, ms }) => [name, ms])).toEqual([
    ['heavy@1', 17],
    ['shared@1', 7],
  ])
  expect(packages[0]).toMatchObject({ modules: 3, uncalled: 1, called: 0, sizeBytes: 30 })
  expect(withoutFunctions).toBe(1)
})

test('what was called is needed, whoever loads it, with all that it loads', () => {
  const [graph, calls] = graphOf({
    'bin.js': ['', 1, 0, 'cli.js'],
    'cli.js': ['', 2, 0, 'server.js'],
    'server.js': ['', 30, 1, 'values.js'],
    'values.js': ['', 4, null],
  })
  expect(lazyCandidates(graph, calls).modules).toEqual([
    { module: 1, selfMs: 2, ms: 2, modules: 1, functions: 2 },
  ])
})

test('what is loaded by way of two barrels stays when only one of them changes', () => {
  const [graph, calls] = graphOf({
    'app.js': ['', 1, 1, 'one.js', 'other.js'],
    'one.js': ['lib@1', 1, null, 'x.js', 'y.js'],
    'other.js': ['lib@1', 1, null, 'y.js'],
    'x.js': ['lib@1', 1, 0],
    'y.js': ['lib@1', 1, 0],
  })
  const needed = new Needed(graph, calls)
  expect([...needed.withoutLoads(1, new Set([3, 4]))]).toEqual([3])
})
