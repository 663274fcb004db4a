import { expect, test } from 'vitest'
import { parseDefinedArms } from './defined-arms.ts'

test('an arm is a name and variables, whose values may be empty and hold spaces and =', () => {
  const texts = [
    'natives=PREWARM_TIER_UP=natives',
    'Both+500ms-1=PREWARM_BUDGET=500ms  PREWARM_REHEARSE=POST /a, PUT /b PREWARM_SKIP= ',
    'flags=NODE_OPTIONS=--stack-trace-limit=5 --no-warnings http_proxy=http://a?b=c',
  ]
  expect(parseDefinedArms(texts)).toEqual([
    { name: 'natives', env: { PREWARM_TIER_UP: 'natives' } },
    {
      name: 'Both+500ms-1',
      env: { PREWARM_BUDGET: '500ms', PREWARM_REHEARSE: 'POST /a, PUT /b', PREWARM_SKIP: '' },
    },
    {
      name: 'flags',
      env: { NODE_OPTIONS: '--stack-trace-limit=5 --no-warnings', http_proxy: 'http://a?b=c' },
    },
  ])
})

test.each([
  [[''], 'it is not NAME=VARIABLE=VALUE'],
  [['short'], 'it is not NAME=VARIABLE=VALUE'],
  [['short=500ms'], 'it is not NAME=VARIABLE=VALUE'],
  [['short=500ms PREWARM_ROUNDS=1'], 'it is not NAME=VARIABLE=VALUE'],
  [['PREWARM_ROUNDS=0'], 'it is not NAME=VARIABLE=VALUE'],
  [['=A=1'], '"" is no name'],
  [['a b=A=1'], '"a b" is no name'],
  [['a/b=A=1'], '"a/b" is no name'],
  [['prewarm=A=1'], 'there is an arm "prewarm" already'],
  [['a=A=1', 'b=A=1', 'a=A=2'], '--arm "a=A=2": there is an arm "a" already'],
  [['a=A=1 PREWARM_REPORT=off'], 'compare sets PREWARM_REPORT itself'],
])('refuses %j with a hint', (texts, message) => {
  expect(() => parseDefinedArms(texts)).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CLI_USAGE',
      message: expect.stringContaining(message) as string,
      hint: expect.any(String) as string,
    }),
  )
})
