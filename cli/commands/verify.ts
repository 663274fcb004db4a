import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Command, Option } from 'commander'
import { openProfile } from '../../formats/codec.ts'
import { digestOf } from '../../formats/container.ts'
import { isPrewarmError, PrewarmError } from '../../formats/errors.ts'
import { formatGuardEvent } from '../../formats/guard-state.ts'
import { maxRounds, replaySettings } from '../../formats/settings.ts'
import { readConfig, type Config } from '../../replayer/config.ts'
import { holdsCachesOf } from '../../runtime/compile-cache/folder.ts'
import { loadConfigFile } from '../../runtime/config-file.ts'
import { GuardFiles } from '../../runtime/guard-files.ts'
import { rootOfCommand } from '../application.ts'
import { inWorkDir } from '../compare/work-dir.ts'
import { readGuardView } from '../guard/guard-view.ts'
import { namedProfile } from '../named-profile.ts'
import { parseDuration, parsePositiveDuration, parseShare, wholeNumber } from '../option-values.ts'
import { readProfileBytes } from '../profile-file.ts'
import { formatShare } from '../../dashboard/analysis/units.ts'
import { renderVerified, type VerifiedView } from '../render/verify.ts'
import {
  policyEnvironment,
  policyOptions,
  settingOption,
  type PolicyOptions,
} from '../setting-options.ts'
import { appliedKinds, appliedShare } from '../verify/applied.ts'
import { parseDeopts, withDeoptTrace } from '../verify/deopts.ts'
import { startVerified } from '../verify/verified-start.ts'

/** Exit code when the start was cold, or less than `--min-applied` was applied. */
const tooLittle = 3

interface VerifyOptions extends PolicyOptions {
  readonly profile?: string
  /** ms */
  readonly budget?: number
  readonly rounds?: number
  readonly tierUp?: string
  readonly stateDir?: string
  /** 0 to 1 */
  readonly minApplied?: number
  /** ms */
  readonly timeout: number
  readonly deopts?: true
  readonly json?: true
}

const examples = `
The service starts as in production, everything is applied, and the process ends where its port would open: no client
reaches an HTTP server of it. Nothing is written beside the profile. What the guard holds against the profile counts.
When the start is cold, or less than --min-applied of all units (those that are held out do not count) is applied, the exit
code is ${tooLittle}. A worker ends once it has rehearsed all recorded work, a second after the last of it otherwise.
With --deopts V8's flags are others than in the recording, so that code caches do not apply.

Examples:
  prewarm verify -p app.prewarm -- node app.js
  prewarm verify -p app.prewarm --min-applied 80% --budget 5s -- node app.js
  prewarm verify -p app.prewarm --deopts -- node app.js
  prewarm verify -p app.prewarm --json -- npm start | jq '.kinds[] | select(.applied < .offered)'`

/** `prewarm verify`: what a start of this build would apply of a profile, without serving anybody. */
export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('start a service without opening its port, and show how much of a profile applies')
    .argument('<command...>', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(async (service: readonly string[], options: VerifyOptions) => {
      const view = await verify(service, options)
      const text =
        options.json === true ? JSON.stringify(toJson(view), null, 2) : renderVerified(view)
      command.configureOutput().writeOut?.(`${text}\n`)
      judge(view, options.minApplied)
    })
  const { profile, budget, rounds, tierUp, stateDir } = replaySettings
  const options = [
    settingOption(profile),
    settingOption(budget).argParser(parseDuration),
    settingOption(rounds).argParser(wholeNumber(0, maxRounds)),
    settingOption(tierUp).choices(['auto', 'off', 'thresholds', 'natives', 'both']),
    settingOption(stateDir),
    ...policyOptions(),
    new Option('--min-applied <share>', 'least part of all units, as 80%').argParser(parseShare),
    new Option('--timeout <duration>', 'longest time until the port would open')
      .argParser(parsePositiveDuration)
      .default(60_000, '60s'),
    new Option(
      '--deopts',
      'show which functions lost optimised code meanwhile, in the words of V8; needs node app.js',
    ).conflicts('minApplied'),
    new Option('--json', 'print everything as JSON'),
  ]
  for (const option of options) command.addOption(option)
  return command
}

async function verify(command: readonly string[], options: VerifyOptions): Promise<VerifiedView> {
  const env = environment(options)
  const config = readConfig(env, loadConfigFile(env, rootOfCommand(command)))
  const profile = namedProfile(config)
  if (config.mode === 'off') {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'The mode is off: nothing would be applied', {
      hint: 'Unset PREWARM_MODE, or replay.mode of the configuration file.',
    })
  }
  return inWorkDir(async (workDir, signal) => {
    const trace = path.join(workDir, 'deopts.txt')
    const traced = options.deopts === true ? withDeoptTrace(command, trace) : command
    const stateDir = path.join(workDir, 'state')
    mkdirSync(stateDir)
    await copyGuardState(config, profile, stateDir)
    const start = {
      command: traced,
      env: {
        ...env,
        [replaySettings.profile.env]: profile,
        [replaySettings.mode.env]: 'auto',
        [replaySettings.stateDir.env]: stateDir,
        [replaySettings.cacheDir.env]: await cacheDirFor(config, profile, workDir),
        [replaySettings.report.env]: 'off',
      },
      timeoutMs: options.timeout,
    }
    const report = await startVerified(start, workDir, signal)
    const kinds = appliedKinds(report)
    return {
      file: profile,
      report,
      kinds,
      share: appliedShare(kinds),
      deopts: options.deopts === true ? parseDeopts(readIfThere(trace)) : undefined,
    }
  })
}

/** What is there for this state of the profile counts; what is not is written elsewhere. */
async function cacheDirFor(
  { cacheDir }: Config,
  profile: string,
  workDir: string,
): Promise<string> {
  if (cacheDir === undefined) return 'off'
  const elsewhere = path.join(workDir, 'caches')
  try {
    const digest = digestOf(await readProfileBytes(profile))
    return holdsCachesOf(cacheDir, digest) ? cacheDir : elsewhere
  } catch (error) {
    // There are no caches of a profile that cannot be read, and the replayer will say why.
    if (!isPrewarmError(error)) throw error
    return elsewhere
  }
}

/** Options go before the environment; one that is not given leaves its variable alone. */
function environment(options: VerifyOptions): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...policyEnvironment(options) }
  const { profile, budget, rounds, tierUp, stateDir } = replaySettings
  if (options.profile !== undefined) env[profile.env] = options.profile
  if (options.budget !== undefined) env[budget.env] = `${options.budget}ms`
  if (options.rounds !== undefined) env[rounds.env] = String(options.rounds)
  if (options.tierUp !== undefined) env[tierUp.env] = options.tierUp
  if (options.stateDir !== undefined) env[stateDir.env] = options.stateDir
  return env
}

/** What stands is to count and not to be added to, so that the service gets a copy of it. */
async function copyGuardState(
  { stateDir }: Config,
  profile: string,
  folder: string,
): Promise<void> {
  try {
    const opened = openProfile(await readProfileBytes(profile))
    const { digest } = opened
    const real = new GuardFiles(profile, stateDir, digest)
    const { appId } = opened.section('meta')
    const { events } = readGuardView({ file: profile, appId, digest }, real)
    const copy = new GuardFiles(profile, folder, digest)
    writeFileSync(copy.log, events.map(formatGuardEvent).join(''))
  } catch (error) {
    // Nothing stands against a profile that cannot be read, and the replayer will say why.
    if (!isPrewarmError(error)) throw error
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Nothing was deoptimised.
    return ''
  }
}

function judge({ report, share }: VerifiedView, least: number | undefined): void {
  const isCold = report.outcome === 'cold'
  if (isCold) process.exitCode = tooLittle
  if (least === undefined) return
  const isMissed = isCold || (share ?? 0) < least
  const found = isCold
    ? `nothing: the start would be cold, ${report.reason ?? ''}`
    : share === null
      ? 'the profile has nothing to apply'
      : `${formatShare(share, 1)} of the profile applies`
  process.stderr.write(`${isMissed ? '✗' : '✓'} at least ${formatShare(least, 1)}: ${found}\n`)
  if (isMissed) process.exitCode = tooLittle
}

/** The stable form of `--json`. */
function toJson({ file, report, kinds, share, deopts }: VerifiedView): unknown {
  const { outcome, reason, detail, node, openMs, stages, skipped, guard } = report
  return {
    schemaVersion: 1,
    profile: file,
    node,
    outcome,
    reason,
    detail,
    share,
    kinds,
    skipped,
    openMs,
    stages,
    inForce: guard?.inForce ?? [],
    deopts: deopts ?? null,
  }
}
