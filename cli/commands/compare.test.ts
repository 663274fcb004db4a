import { Command } from 'commander'
import { expect, test } from 'vitest'
import { compareCommand } from './compare.ts'

function run(...args: string[]): Promise<Command> {
  return new Command('prewarm')
    .enablePositionalOptions()
    .addCommand(compareCommand())
    .parseAsync(['compare', ...args], { from: 'user' })
}

test.each([
  [['--', 'node', 'app.js'], 'No profile is named'],
  [['--requests', 'r.json', '--', 'node', 'app.js'], 'No profile is named'],
  [['-p', 'a', '--arms', 'cold,warm', '--', 'node'], 'no arm "warm"'],
  [['-p', 'a', '--runs', '0', '--', 'node'], '"0" is not a whole number'],
  [['-p', 'a', '--rounds', '2', '--', 'node'], 'at least 3'],
  [['-p', 'a', '--budget', '2', '--', 'node'], '"2" is not a duration'],
])('refuses %j as a usage error', async (args, message) => {
  await expect(run(...args)).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_USAGE',
    message: expect.stringContaining(message) as string,
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
