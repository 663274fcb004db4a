#!/usr/bin/env node
import { Command, CommanderError, type OutputConfiguration } from 'commander'
import { isPrewarmError, messageOf, type ErrorCode } from '../formats/errors.ts'
import { ownVersion } from './own-version.ts'

/** Loaded one at a time: `prewarm run` stands before the start of a service. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  record: async () => (await import('./commands/record.ts')).recordCommand(),
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  compare: async () => (await import('./commands/compare.ts')).compareCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
  bake: async () => (await import('./commands/bake.ts')).bakeCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(),
  guard: async () => (await import('./commands/guard.ts')).guardCommand(),
  check: async () => (await import('./commands/check.ts')).checkCommand(),
  diff: async () => (await import('./commands/diff.ts')).diffCommand(),
  merge: async () => (await import('./commands/merge.ts')).mergeCommand(),
  'explain-start': async () => (await import('./commands/explain-start.ts')).explainStartCommand(),
  dashboard: async () => (await import('./commands/dashboard.ts')).dashboardCommand(),
}

/** Mistakes in how prewarm was called end with 2, everything else that goes wrong with 1. */
const usageCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_PREWARM_FMT_MERGE',
  'ERR_PREWARM_CLI_USAGE',
  'ERR_PREWARM_CLI_EXISTS',
  'ERR_PREWARM_CLI_EXPRESSION',
  'ERR_PREWARM_CLI_REQUESTS',
  'ERR_PREWARM_CLI_RESULTS',
  'ERR_PREWARM_CFG_VALUE',
  'ERR_PREWARM_CFG_KEY',
  'ERR_PREWARM_CFG_FILE',
  'ERR_PREWARM_DSH_PATH',
])

/** What commander refuses looks like what we refuse. */
const coded: OutputConfiguration = {
  outputError: (text, write) => {
    write(text.replace(/^error:/, 'prewarm: ERR_PREWARM_CLI_USAGE:'))
  },
}

const guide = `
The way:
  prewarm record -o app.prewarm -- node app.js     in staging, under real traffic
  prewarm inspect app.prewarm                      what was learnt
  prewarm plan -p app.prewarm                      what would be rehearsed, what not, and why
  prewarm compare -p app.prewarm -- node app.js    whether it helps, with intervals
  prewarm explain-start -- node app.js             where the time until it listens goes
  prewarm check -p app.prewarm                     what of it is still valid for the files on disk
  prewarm verify -p app.prewarm -- node app.js     whether this build and this machine still fit it
  prewarm bake -p app.prewarm -- node app.js       code caches for this machine, when the image is built
  prewarm run -p app.prewarm -- node app.js        in production
  prewarm guard status -p app.prewarm              whether production has found it harmful
  prewarm dashboard                                all of it in a browser`

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('prewarm')
    .description('Record what gets hot in a Node.js service, and replay it before the port opens.')
    .version(ownVersion())
    .enablePositionalOptions()
    .addHelpText('after', guide)
    .configureOutput(coded)
  const chosen = argv.find((word) => !word.startsWith('-')) ?? ''
  const load = commands[chosen]
  const loaded = load === undefined ? Object.values(commands) : [load]
  // Commands that are added, unlike ones that are made in place, inherit nothing.
  const configure = (command: Command): Command => {
    command.commands.forEach(configure)
    return command.exitOverride().configureOutput(coded)
  }
  for (const each of loaded) program.addCommand(configure(await each()))
  await program.exitOverride().parseAsync(argv, { from: 'user' })
}

function exitCodeFor(error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!isPrewarmError(error)) {
    process.stderr.write(`prewarm: ${error instanceof Error ? error.stack : messageOf(error)}\n`)
    return 1
  }
  process.stderr.write(`prewarm: ${error.code}: ${error.message}\n`)
  if (error.hint !== undefined) process.stderr.write(`  ${error.hint}\n`)
  return usageCodes.has(error.code) ? 2 : 1
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = exitCodeFor(error)
}
