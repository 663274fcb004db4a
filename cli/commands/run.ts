import path from 'node:path'
import { Command } from 'commander'
import { PrewarmError } from '../../formats/errors.ts'
import { maxRounds, maxWave, replaySettings } from '../../formats/settings.ts'
import { findConfigFile } from '../../runtime/config-file.ts'
import { rootOfCommand } from '../application.ts'
import { runInForeground } from '../child.ts'
import { withPreloads } from '../node-command.ts'
import { parseDuration, wholeNumber } from '../option-values.ts'
import {
  policyEnvironment,
  policyOptions,
  settingOption,
  type PolicyOptions,
} from '../setting-options.ts'
import { warnOfUnknownVariables } from '../variable-warnings.ts'

interface RunOptions extends PolicyOptions {
  readonly profile?: string
  readonly mode?: string
  /** ms */
  readonly budget?: number
  readonly rounds?: number
  readonly wave?: number
  /** ms */
  readonly waveWait?: number
  readonly tierUp?: string
  /** ms */
  readonly watch?: number
  readonly cacheDir?: string
  readonly loadPack?: string
  readonly trustBaked?: true
  readonly stateDir?: string
  readonly report?: string
  readonly live?: string
  readonly verbose?: true
}

const examples = `
The same without this command, and without its process:
  PREWARM_PROFILE=app.prewarm node --import prewarm/replay app.js

Examples:
  prewarm run -p app.prewarm -- node app.js
  prewarm run -p app.prewarm --budget 500ms --verbose -- node app.js
  prewarm run -p app.prewarm --rehearse 'POST /graphql' --tcp deny -- node app.js
  prewarm run -p app.prewarm --wave 2 -- node cluster.js
  prewarm run -p tsc.prewarm -- node_modules/.bin/tsc --noEmit
  prewarm run -p app.prewarm --live /tmp/prewarm -- node app.js
  prewarm run --config production.config.mjs -- npm start
  prewarm run -p app.prewarm --mode off -- node app.js      # kill switch`

/** `prewarm run`: a service in production, warmed up before its port opens. */
export function runCommand(): Command {
  const command = new Command('run')
    .description('run a service and replay its profile before the port opens')
    .argument('<command...>', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(run)
  const { profile, mode, budget, rounds, tierUp, watch, cacheDir, stateDir } = replaySettings
  const { wave, waveWait, loadPack, trustBaked, report, live, verbose } = replaySettings
  const options = [
    settingOption(profile),
    settingOption(mode).choices(['auto', 'strict', 'off']),
    settingOption(budget).argParser(parseDuration),
    settingOption(rounds).argParser(wholeNumber(0, maxRounds)),
    settingOption(wave).argParser(wholeNumber(0, maxWave)),
    settingOption(waveWait).argParser(parseDuration),
    settingOption(tierUp).choices(['auto', 'off', 'thresholds', 'natives', 'both']),
    settingOption(watch).argParser(parseDuration),
    settingOption(cacheDir),
    settingOption(loadPack).choices(['on', 'off']),
    settingOption(trustBaked),
    settingOption(stateDir),
    ...policyOptions(),
    settingOption(report),
    settingOption(live),
    settingOption(verbose),
  ]
  for (const option of options) command.addOption(option)
  return command
}

/** Options go before the environment; one that is not given leaves its variable alone. */
async function run(command: readonly string[], options: RunOptions): Promise<void> {
  warnOfUnknownVariables()
  const env: NodeJS.ProcessEnv = { ...process.env, ...policyEnvironment(options) }
  const { profile, mode, budget, rounds, tierUp, watch, cacheDir, stateDir } = replaySettings
  const { wave, waveWait, loadPack, trustBaked, report, live, verbose } = replaySettings
  const named = options.profile ?? (process.env[profile.env] || undefined)
  if (named !== undefined) env[profile.env] = path.resolve(named)
  else if (findConfigFile(env, rootOfCommand(command)) === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'No profile is named', {
      hint: 'Give -p FILE, PREWARM_PROFILE, or replay.profile in a configuration file.',
    })
  }
  if (options.mode !== undefined) env[mode.env] = options.mode
  if (options.budget !== undefined) env[budget.env] = `${options.budget}ms`
  if (options.rounds !== undefined) env[rounds.env] = String(options.rounds)
  if (options.wave !== undefined) env[wave.env] = String(options.wave)
  if (options.waveWait !== undefined) env[waveWait.env] = `${options.waveWait}ms`
  if (options.tierUp !== undefined) env[tierUp.env] = options.tierUp
  if (options.watch !== undefined) env[watch.env] = `${options.watch}ms`
  if (options.cacheDir !== undefined) env[cacheDir.env] = pathOrOff(options.cacheDir)
  if (options.loadPack !== undefined) env[loadPack.env] = options.loadPack
  if (options.trustBaked === true) env[trustBaked.env] = '1'
  if (options.stateDir !== undefined) env[stateDir.env] = path.resolve(options.stateDir)
  if (options.report !== undefined) env[report.env] = pathOrOff(options.report)
  if (options.live !== undefined) env[live.env] = path.resolve(options.live)
  if (options.verbose === true) env[verbose.env] = '1'
  const preload = new URL('../../replay.mjs', import.meta.url).href
  const isOff = env[mode.env] === 'off' && !env[live.env]
  await runInForeground(withPreloads(command, isOff ? [] : [preload], env))
}

/** Absolute, like the profile: `npm start` runs the service in another folder than the one of the command line. */
function pathOrOff(given: string): string {
  return given === 'off' ? given : path.resolve(given)
}
