import { expect, test } from 'vitest'
import { parseDefinedArms } from './defined-arms.ts'

test('an arm is a name and variables, whose values may be empty and hold spaces and =', () => {
  const texts = [
    'natives=PREWARM_TIER_UP=natives',
    'Both+500ms-1=PREWARM_BUDGET=500ms  PREWARM_REHEARSE=POST /a, PUT /b PREWARM_SKIP= ',
    'flags=NODE_OPTIONS=--stack-trace-limit=5 --no-warnings http_proxy=http://a?b=c',
  ]
  const arms = parseDefinedArms(texts)
  expect(arms.map(({ name, kind, env }) => ({ name, kind, env }))).toEqual([
    { name: 'natives', kind: 'replay', env: { PREWARM_TIER_UP: 'natives' } },
    {
      name: 'Both+500ms-1',
      kind: 'replay',
      env: { PREWARM_BUDGET: '500ms', PREWARM_REHEARSE: 'POST /a, PUT /b', PREWARM_SKIP: '' },
    },
    {
      name: 'flags',
      kind: 'replay',
      env: { NODE_OPTIONS: '--stack-trace-limit=5 --no-warnings', http_proxy: 'http://a?b=c' },
    },
  ])
})

test('a cold start may have variables, and a command of its own may, too', () => {
  const texts = [
    'again=cold',
    'noise=prewarm',
    'slow=cold NODE_OPTIONS=--jitless --no-warnings',
    'own=--  node --import ./warm.mjs app.js',
    "old=NODE_ENV=production NOTE=a b -- '/opt/node 22/node' app.js -- --port 0",
  ]
  expect(parseDefinedArms(texts)).toEqual([
    { name: 'again', kind: 'cold', env: {}, setting: 'cold' },
    { name: 'noise', kind: 'replay', env: {}, setting: 'prewarm' },
    {
      name: 'slow',
      kind: 'cold',
      env: { NODE_OPTIONS: '--jitless --no-warnings' },
      setting: 'cold NODE_OPTIONS=--jitless --no-warnings',
    },
    {
      name: 'own',
      kind: 'command',
      env: {},
      command: ['node', '--import', './warm.mjs', 'app.js'],
      setting: '--  node --import ./warm.mjs app.js',
    },
    {
      name: 'old',
      kind: 'command',
      env: { NODE_ENV: 'production', NOTE: 'a b' },
      command: ['/opt/node 22/node', 'app.js', '--', '--port', '0'],
      setting: "NODE_ENV=production NOTE=a b -- '/opt/node 22/node' app.js -- --port 0",
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
  [['baseline=A=1'], 'conditions call an earlier measurement so'],
  [['a=colder A=1'], 'it is not NAME=VARIABLE=VALUE'],
  [['a=cold warm'], 'it is not NAME=VARIABLE=VALUE'],
  [['a=cold -- node app.js'], 'it is not NAME=VARIABLE=VALUE'],
  [['a=--'], 'there is no command after --'],
  [['a=-- node "app.js'], 'a quote is not closed'],
  [['a=PREWARM_PROBE=x -- node app.js'], 'compare sets PREWARM_PROBE itself'],
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
