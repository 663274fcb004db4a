import { expect, test } from 'vitest'
import { callsByFile, type CoveredScript } from './calls.ts'

function script(
  source: string,
  functions: readonly (readonly [name: string, text: string, count: number])[],
): CoveredScript {
  const whole = { startOffset: 0, endOffset: source.length, count: 1 }
  return {
    url: 'file:///app/a.js',
    functions: [
      { functionName: '', ranges: [whole] },
      ...functions.map(([functionName, text, count]) => {
        const startOffset = source.indexOf(text)
        return {
          functionName,
          ranges: [{ startOffset, endOffset: startOffset + text.length, count }],
        }
      }),
    ],
  }
}

function callsIn(source: string, functions: Parameters<typeof script>[1]): unknown {
  return callsByFile([script(source, functions)], () => source).get('/app/a.js')
}

test('the top level of a module does not count', () => {
  expect(callsIn('function f() {} f()', [['f', 'function f() {}', 3]])).toEqual({
    functions: 1,
    called: 1,
  })
  expect(callsIn('const n = 1', [])).toEqual({ functions: 0, called: 0 })
})

test('nor does a function expression that is called where it stands', () => {
  const source = '(function () { x = 1 })(); (() => 2)(); var f = function () { x = 3 }'
  const found = callsIn(source, [
    ['', 'function () { x = 1 }', 1],
    ['', '() => 2', 1],
    ['f', 'function () { x = 3 }', 0],
  ])
  expect(found).toEqual({ functions: 1, called: 0 })
})

test('nor do the helpers of compilers, and the getters by which a module passes on others', () => {
  const source = 'var __importDefault = function (m) {}; define(e, "x", { get: function () {} })'
  const found = callsIn(source, [
    ['__importDefault', 'function (m) {}', 4],
    ['get', 'function () {}', 9],
  ])
  expect(found).toEqual({ functions: 0, called: 0 })
})

test('what one process has called was called', () => {
  const source = 'function f() {}'
  const scripts = [0, 2].map((count) => script(`${source} `, [['f', source, count]]))
  expect(callsByFile(scripts, () => source).get('/app/a.js')).toEqual({ functions: 1, called: 1 })
})
