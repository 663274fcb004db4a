import { expect, test } from 'vitest'
import { onFirstRead, wrapAlways } from './wrapping.ts'

function traced(): { target: { run: (n: number) => string }; log: string[]; undo: () => void } {
  const log: string[] = []
  const target = { run: (n: number) => `original ${n}` }
  const undo = wrapAlways(target, 'run', (run) => (n) => {
    log.push('in')
    try {
      return run(n)
    } finally {
      log.push('out')
    }
  })
  return { target, log, undo }
}

test('wraps what is there, and what takes its place later without calling it', () => {
  const { target, log } = traced()
  expect(target.run(1)).toBe('original 1')
  target.run = (n) => `other ${n}`
  expect(target.run(2)).toBe('other 2')
  expect(log).toEqual(['in', 'out', 'in', 'out'])
})

test('what takes its place may call what it has found, and put that back', () => {
  const { target, log } = traced()
  const found = target.run
  target.run = (n) => `other, ${found(n)}`
  expect(target.run(1)).toBe('other, original 1')
  target.run = found
  log.length = 0
  expect(target.run(2)).toBe('original 2')
  expect(log.filter((each) => each === 'in')).not.toEqual([])
})

test('a method that is set on one object of a class is that of this object alone', () => {
  class Module {
    compile(): string {
      return 'class'
    }
  }
  wrapAlways(
    Module.prototype,
    'compile',
    (compile) =>
      function (this: Module) {
        return `traced ${compile.call(this)}`
      },
  )
  const own = new Module()
  own.compile = () => 'own'
  expect(own.compile()).toBe('own')
  expect(new Module().compile()).toBe('traced class')
})

test('afterwards a plain property holds what was set last', () => {
  const { target, log, undo } = traced()
  const last = (): string => 'last'
  target.run = last
  undo()
  expect(Object.getOwnPropertyDescriptor(target, 'run')).toEqual({
    value: last,
    writable: true,
    enumerable: true,
    configurable: true,
  })
  expect(target.run(1)).toBe('last')
  expect(log).toEqual([])
})

test('the first read of a property is told, and leaves it as it was', () => {
  const target = { exports: { a: 1 } }
  const before = Object.getOwnPropertyDescriptor(target, 'exports')
  let reads = 0
  onFirstRead(target, 'exports', () => reads++)
  expect(reads).toBe(0)
  expect(target.exports).toEqual({ a: 1 })
  expect(target.exports).toEqual({ a: 1 })
  expect(reads).toBe(1)
  expect(Object.getOwnPropertyDescriptor(target, 'exports')).toEqual(before)
})
