import { Command } from 'commander'
import { expect, test } from 'vitest'
import { compareCommand } from './compare.ts'

function run(...args: string[]): Promise<Command> {
  const compare = compareCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  return new Command('prewarm')
    .enablePositionalOptions()
    .addCommand(compare)
    .parseAsync(['compare', ...args], { from: 'user' })
}

test.each([[['--', 'node', 'app.js']], [['--requests', 'r.json', '--', 'node', 'app.js']]])(
  'refuses %j, which names no profile',
  async (args) => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_USAGE',
      message: 'No profile is named',
    })
  },
)

test.each([
  ['--arms', 'cold,warm', 'no arm "warm"'],
  ['--runs', '0', 'at least 1'],
  ['--runs', '9-3', 'range'],
  ['--rate', '0', 'from 0.1 to 50000'],
  ['--time-budget', '0', '1ms at least'],
  ['--rounds', '2', 'at least 3'],
  ['--rounds', '99999999999', 'at most 10000'],
  ['--budget', '2', 'with its unit'],
  ['--listen-timeout', '0', '1ms at least'],
])('refuses %s %s by its name', async (option, value, message) => {
  const refusal: unknown = await run(option, value, '-p', 'a', '--', 'node').catch(
    (error: unknown) => error,
  )
  expect(refusal).toMatchObject({ code: 'commander.invalidArgument' })
  expect(String(refusal)).toContain(`option '${option} <`)
  expect(String(refusal)).toContain(message)
})

test('a budget of 0 is a budget', async () => {
  await expect(run('--budget', '0', '-p', '/no/such', '--', 'node')).rejects.toMatchObject({
    code: 'ERR_PREWARM_FMT_UNREADABLE',
  })
})

test.each([
  [['--arm', 'short'], '--arm "short": it is not NAME=VARIABLE=VALUE'],
  [['--arm', 'cold=PREWARM_ROUNDS=0'], 'there is an arm "cold" already'],
  [['--arms', 'none'], 'nothing is left to measure'],
  [['--arms', 'cold', '--against', 'prewarm'], '--against prewarm: it is not measured'],
])('refuses %j with a hint', async (options, message) => {
  await expect(run(...options, '-p', 'a', '--', 'node')).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_USAGE',
    message: expect.stringContaining(message) as string,
    hint: expect.any(String) as string,
  })
})

test('an arm that is defined takes a profile, and can be the reference and in a condition', async () => {
  const arm = ['--arms', 'none', '--arm', 'a=X=1', '--arm', 'b=X=2', '--against', 'b']
  const condition = ['--fail-if', 'a.cpuMs/b > 1']
  await expect(run(...arm, '--requests', 'r.json', '--', 'node')).rejects.toMatchObject({
    message: 'No profile is named',
  })
  await expect(run(...arm, ...condition, '-p', '/no/such', '--', 'node')).rejects.toMatchObject({
    code: 'ERR_PREWARM_FMT_UNREADABLE',
  })
})

test('refuses a bad condition, and a profile that is not there, before it starts anything', async () => {
  const command = ['--', '/no/such/command']
  await expect(run('-p', 'a', '--fail-if', 'cold.speed > 1', ...command)).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_EXPRESSION',
  })
  await expect(run('-p', '/no/such.prewarm', ...command)).rejects.toMatchObject({
    code: 'ERR_PREWARM_FMT_UNREADABLE',
  })
})

test.each([
  [['--resume', '-p', 'a', '--', 'node'], '--resume of no file'],
  [['--force', '-p', 'a', '--', 'node'], '--force of no file'],
  [['-p', 'a'], 'There is no command to measure'],
  [['--from', 'a', '--', 'node'], '--from a and a command'],
  [['--from', 'a', '--from', 'b'], '--from a and a second file'],
  [['--from', 'a', '--export', 'csv', '--json'], 'Two exports go to stdout'],
])('refuses %j, which contradicts itself', async (args, message) => {
  await expect(run(...args)).rejects.toMatchObject({ code: 'ERR_PREWARM_CLI_USAGE', message })
})

test.each([
  ['-p', 'a'],
  ['--runs', '3'],
  ['--arm', 'a=A=1'],
  ['--rate', '5'],
  ['--save', 'b'],
])('saved results cannot be shown with %s', async (...options) => {
  await expect(run('--from', 'a', ...options)).rejects.toMatchObject({
    code: 'commander.conflictingOption',
  })
})

test('a baseline, results and exports that cannot be used are told before anything is started', async () => {
  const measured = ['--requests', 'r.json', '--arms', 'cold', '--', '/no/such/command']
  await expect(run('--baseline', '/no/such', ...measured)).rejects.toMatchObject({
    code: 'ERR_PREWARM_FMT_UNREADABLE',
    message: expect.stringContaining('/no/such') as string,
  })
  await expect(run('--from', '/no/such.jsonl')).rejects.toMatchObject({
    code: 'ERR_PREWARM_FMT_UNREADABLE',
  })
  await expect(run('--export', 'csv=/no/such/a.csv', ...measured)).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_WRITE',
  })
  await expect(run('--fail-if', 'cold.cpuMs/baseline > 1', ...measured)).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_EXPRESSION',
  })
})

test('an arm that is a command needs no profile', async () => {
  const arms = ['--arms', 'cold', '--arm', 'own=-- node app.js']
  await expect(run(...arms, '--requests', '/no/such.json', '--', 'node')).rejects.toMatchObject({
    code: 'ERR_PREWARM_FMT_UNREADABLE',
    message: expect.stringContaining('/no/such.json') as string,
  })
})
