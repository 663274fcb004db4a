import { expect, it } from 'vitest'
import { parseDeopts, withDeoptTrace } from './deopts.ts'

const bailout = (fn: string, reason: string): string =>
  `[bailout (kind: deopt-eager, reason: ${reason}): begin. deoptimizing 0x1cc8c7fbfe29 ` +
  `<JSFunction ${fn}(sfi = 0x2b0dc822ec9)>, 0x02b0dc824821 <Code TURBOFAN>, opt id 1, bytecode offset 0, pc 0x7fe8]`

it('counts functions by name and reason, most frequent first, and leaves the way up out', () => {
  const trace = [
    bailout('once ', 'Insufficient type feedback for call'),
    bailout('get total ', 'wrong map'),
    '[marking 0x1cc8c7fbfe29 <JSFunction x> for optimization]',
    bailout('get total ', 'wrong map'),
    bailout('', '(unknown)'),
    bailout('loop ', 'prepare for on stack replacement (OSR)'),
    bailout('cut', 'wrong map').slice(0, 60),
  ].join('\n')
  expect(parseDeopts(trace)).toEqual([
    { name: 'get total', reason: 'wrong map', count: 2 },
    { name: 'once', reason: 'Insufficient type feedback for call', count: 1 },
    { name: '', reason: '(unknown)', count: 1 },
  ])
  expect(parseDeopts('')).toEqual([])
})

it('gives V8 its flags before the file, and only where V8 takes them', () => {
  const traced = withDeoptTrace(['node', 'app.js', '--port', '1'], '/tmp/trace.txt')
  expect(traced).toEqual([
    'node',
    '--trace-deopt',
    '--redirect-code-traces',
    '--redirect-code-traces-to=/tmp/trace.txt',
    'app.js',
    '--port',
    '1',
  ])
  expect(() => withDeoptTrace(['npm', 'start'], 'f')).toThrow(
    expect.objectContaining({ code: 'ERR_PREWARM_CLI_USAGE' }) as Error,
  )
})
