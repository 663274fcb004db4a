import { expect, test } from 'vitest'
import type { Profiler } from 'node:inspector'
import { timeStart } from './arm.ts'
import type { RawTrace } from './raw-trace.ts'

const own = { folder: '/prewarm/dist/', replayer: '/prewarm/dist/replay.mjs' }

function traceOf(rest: Partial<RawTrace>): RawTrace {
  return {
    pid: 1,
    node: 'v24.0.0',
    nodeEnv: null,
    root: '/app',
    entry: '/app/a.js',
    knowsImports: true,
    bootstrapMs: 20,
    readyMs: 30,
    listenMs: 100,
    files: [],
    edges: [],
    spans: [['outside', -1]],
    switches: [],
    syncCalls: [],
    connections: [],
    profile: null,
    profileStartMs: 0,
    ...rest,
  }
}

const untouched = { requester: null, requests: 1 }
const a = { file: '/app/a.js', format: 'cjs', startMs: 30, endMs: 90, ...untouched } as const
const b = { file: '/app/b.js', format: 'cjs', startMs: 50, endMs: 70, ...untouched } as const

/** Samples of one stack each, outermost frame first, every `everyMs` from 0. */
function profileOf(
  stacks: readonly (readonly [functionName: string, url: string, line?: number][])[],
  everyMs: number,
): Profiler.Profile {
  const nodes: Profiler.ProfileNode[] = []
  const node = (functionName: string, url: string, line = 0): Profiler.ProfileNode => {
    const callFrame = { functionName, url, scriptId: '0', lineNumber: line, columnNumber: line }
    const made = { id: nodes.length + 1, callFrame, children: [] }
    nodes.push(made)
    return made
  }
  const root = node('(root)', '')
  const samples = stacks.map((stack) => {
    let at = root
    for (const [functionName, url, line] of stack) {
      const child = node(functionName, url, line)
      at.children?.push(child.id)
      at = child
    }
    return at.id
  })
  const timeDeltas = stacks.map((_, index) => (index === 0 ? 0 : everyMs * 1000))
  return { nodes, startTime: 0, endTime: 0, samples, timeDeltas }
}

function phasesOf(trace: RawTrace): Record<string, number> {
  const phases = timeStart(trace, own).phases.filter(({ ms }) => ms > 0)
  return Object.fromEntries(phases.map(({ phase, ms }) => [phase, ms]))
}

test('time is that of the innermost span, and adds up to the whole', () => {
  const trace = traceOf({
    files: [a, b],
    spans: [
      ['outside', -1],
      ['compile', 0],
      ['evaluate', 0],
      ['resolve', 1],
      ['evaluate', 1],
    ],
    switches: [
      [30, 1],
      [40, 2],
      [50, 3],
      [55, 4],
      [70, 2],
      [90, 0],
    ],
  })
  expect(phasesOf(trace)).toEqual({
    node: 20,
    trace: 10,
    compile: 10,
    resolve: 5,
    evaluate: 45,
    other: 10,
  })
  const [first, second] = timeStart(trace, own).files
  expect(first).toMatchObject({ compileMs: 10, evaluateMs: 30, totalMs: 60 })
  expect(second).toMatchObject({ resolveMs: 5, evaluateMs: 15, totalMs: 20 })
})

test('garbage collection is taken out of the span that it interrupts', () => {
  const trace = traceOf({
    files: [a],
    spans: [
      ['outside', -1],
      ['evaluate', 0],
    ],
    switches: [[30, 1]],
    profile: profileOf(
      [[['f', '/app/a.js']], [['(garbage collector)', '']], [['f', '/app/a.js']]],
      30,
    ),
    profileStartMs: 20,
  })
  // Samples at 20, 50 and 80 ms.
  expect(phasesOf(trace)).toEqual({ node: 20, trace: 10, evaluate: 40, gc: 30 })
  expect(timeStart(trace, own).files[0]?.evaluateMs).toBe(40)
})

test('outside of spans the samples tell: ES modules, waiting, what is called later, prewarm', () => {
  const trace = traceOf({
    profile: profileOf(
      [
        [['', 'file:///app/m.mjs']],
        [
          ['', 'file:///app/m.mjs'],
          ['helper', 'file:///app/other.mjs', 7],
          ['readFileSync', 'node:fs'],
        ],
        [['(idle)', '']],
        [['start', 'file:///app/other.mjs', 3]],
        [['setUp', 'file:///prewarm/dist/replay.mjs', 3]],
        [['packageExportsResolve', 'node:internal/modules/esm/resolve']],
        [['(program)', '']],
      ],
      10,
    ),
    profileStartMs: 30,
  })
  expect(phasesOf(trace)).toEqual({
    node: 20,
    trace: 10,
    evaluate: 20,
    wait: 10,
    run: 10,
    prewarm: 10,
    resolve: 10,
    other: 10,
  })
  const { files } = timeStart(trace, own)
  expect(files.find(({ file }) => file === '/app/m.mjs')).toMatchObject({
    format: 'esm',
    startMs: 30,
    evaluateMs: 20,
    totalMs: 20,
  })
  expect(files.find(({ file }) => file === '/app/other.mjs')).toMatchObject({
    format: null,
    evaluateMs: 0,
    runMs: 10,
    totalMs: null,
  })
})

test('what Node compiles outside of the CommonJS loader is the ES module that was read last', () => {
  const esm = { file: '/app/m.mjs', format: 'esm', startMs: 30, endMs: null, ...untouched } as const
  const trace = traceOf({
    files: [esm],
    spans: [
      ['outside', -1],
      ['read', 0],
    ],
    switches: [
      [30, 1],
      [40, 0],
    ],
    profile: profileOf([[['compileSourceTextModule', 'node:internal/modules/esm/utils']]], 10),
    profileStartMs: 0,
  })
  expect(timeStart(trace, own).files[0]).toMatchObject({ readMs: 10, compileMs: 60, totalMs: 70 })
})

test('a sample that was taken in a span says nothing about what comes after it', () => {
  const trace = traceOf({
    files: [a],
    spans: [
      ['outside', -1],
      ['evaluate', 0],
    ],
    switches: [
      [30, 1],
      [60, 0],
    ],
    profile: profileOf([[['', 'file:///app/a.js']], [['(idle)', '']]], 30),
    profileStartMs: 50,
  })
  // Samples at 50 and 80 ms.
  expect(phasesOf(trace)).toEqual({ node: 20, trace: 10, evaluate: 30, wait: 40 })
})
