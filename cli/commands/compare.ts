import path from 'node:path'
import { Command } from 'commander'
import type { Baseline } from '../../dashboard/analysis/baseline.ts'
import { measuredArms } from '../../dashboard/analysis/evaluate.ts'
import { digestOf } from '../../formats/container.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { ResultArm, Results } from '../../formats/results.ts'
import { builtInKinds } from '../compare/arms.ts'
import { readBaseline } from '../compare/baseline-file.ts'
import { parseDefinedArms } from '../compare/defined-arms.ts'
import { checkExports } from '../compare/exports.ts'
import { parseExpression, type Expression } from '../compare/expression.ts'
import { measureService } from '../compare/measurement.ts'
import {
  compareHelp,
  compareOptions,
  thresholdMissed,
  type CompareOptions,
} from '../compare/options.ts'
import { outcomeOf, showOutcome } from '../compare/outcome.ts'
import { progressOn } from '../compare/progress.ts'
import { withoutBroken } from '../compare/requests.ts'
import { readRequestsFile } from '../compare/requests-file.ts'
import { readResultsFile } from '../compare/results-file.ts'
import { inWorkDir } from '../compare/work-dir.ts'
import { readProfileFile } from '../profile-file.ts'

/** `prewarm compare`: how a service starts cold, with Node's own compile cache, and with prewarm. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description("measure cold starts, Node's own compile cache and prewarm side by side")
    .argument('[command...]', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', compareHelp)
    .action(compare)
  for (const option of compareOptions) command.addOption(option)
  return command
}

async function compare(
  command: readonly string[],
  options: CompareOptions,
  self: Command,
): Promise<void> {
  const { from = [], save, baseline: earlier, profile, requests } = options
  const kept = [...from, save, earlier, profile, requests].filter((file) => file !== undefined)
  checkExports(options.export, options.json, kept)
  const isSeedGiven = self.getOptionValueSource('seed') === 'cli'
  const { results, conditions, baseline } =
    options.from === undefined
      ? await measureNow(command, options)
      : readSaved(options.from, command, options, isSeedGiven)
  const outcome = outcomeOf(results, conditions, baseline)
  if (outcome.judgements.some(({ isMissed }) => isMissed)) process.exitCode = thresholdMissed
  await showOutcome(outcome, options.export, options.json)
}

interface Obtained {
  readonly results: Results
  readonly conditions: readonly Expression[]
  readonly baseline: Baseline | null
}

/** Mistakes are told before anything is started, so that nobody waits for them. */
async function measureNow(command: readonly string[], options: CompareOptions): Promise<Obtained> {
  if (command.length === 0) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'There is no command to measure', {
      hint: 'Give it after --: prewarm compare -p app.prewarm -- node app.js. Or give --from FILE.',
    })
  }
  const { arms, profile, requests, save, resume = false, force = false } = options
  if (save === undefined && (resume || force)) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--${resume ? 'resume' : 'force'} of no file`, {
      hint: 'Give --save FILE, too.',
    })
  }
  const defined = parseDefinedArms(options.arm)
  const measured = [...arms.map((name) => ({ name, kind: builtInKinds[name] })), ...defined]
  const isReplayed = measured.some(({ kind }) => kind === 'replay')
  const conditions = conditionsOf(options, measured)
  if (profile === undefined && (requests === undefined || isReplayed)) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'No profile is named', {
      hint: 'Give -p FILE, or --requests FILE with other --arms.',
    })
  }
  const baseline = options.baseline === undefined ? null : readBaseline(options.baseline)
  const read = profile === undefined ? null : await readProfileFile(profile)
  const given = requests === undefined ? null : readRequestsFile(requests)
  const replay =
    profile !== undefined && read !== null && isReplayed
      ? {
          ...options,
          budgetMs: options.budget,
          profile: path.resolve(profile),
          digest: digestOf(read.bytes),
        }
      : null
  const progress = progressOn(process.stderr, options.runs.most)
  const results = await inWorkDir((workDir, signal) =>
    measureService(
      {
        ...options,
        command,
        defined,
        against: options.against,
        timeBudgetMs: options.timeBudget ?? null,
        ratePerSecond: options.rate ?? null,
        listenTimeoutMs: options.listenTimeout,
        recorded: read && withoutBroken(read.profile),
        given,
        replay,
        save: save === undefined ? null : { file: save, resume, force },
        workDir,
        signal,
      },
      progress,
    ),
  ).finally(progress.clear)
  return { results, conditions, baseline }
}

function readSaved(
  files: readonly string[],
  command: readonly string[],
  options: CompareOptions,
  isSeedGiven: boolean,
): Obtained {
  const [file = '', ...others] = files
  if (command.length > 0 || others.length > 0) {
    const surplus = command.length > 0 ? 'a command' : 'a second file'
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--from ${file} and ${surplus}`, {
      hint: '--from shows one file and measures nothing.',
    })
  }
  const saved = readResultsFile(file)
  if ((measuredArms(saved)[0]?.runs.length ?? 0) === 0) {
    throw new PrewarmError('ERR_PREWARM_CLI_RESULTS', `${file} has no complete run of all arms`, {
      hint: 'Go on with the measurement: the same command with --resume.',
    })
  }
  const { plan } = saved
  const against = options.against ?? plan.against ?? undefined
  const conditions = conditionsOf(
    { ...options, ...(against !== undefined && { against }) },
    plan.arms,
  )
  const baseline = options.baseline === undefined ? null : readBaseline(options.baseline)
  const seed = isSeedGiven ? options.seed : plan.seed
  return {
    results: { ...saved, plan: { ...plan, seed, against: against ?? null } },
    conditions,
    baseline,
  }
}

/** Also checks the arms that the conditions are about. */
function conditionsOf(
  { against, failIf, baseline }: Pick<CompareOptions, 'against' | 'failIf' | 'baseline'>,
  arms: readonly Pick<ResultArm, 'name' | 'kind'>[],
): readonly Expression[] {
  if (arms.length === 0) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', '--arms none: nothing is left to measure', {
      hint: "Add arms, as in --arm 'short=PREWARM_BUDGET=500ms'.",
    })
  }
  if (against !== undefined && !arms.some(({ name }) => name === against)) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--against ${against}: it is not measured`, {
      hint: `Arms: ${arms.map(({ name }) => name).join(', ')}.`,
    })
  }
  const subjects = { arms, against, hasBaseline: baseline !== undefined }
  return failIf.map((text) => parseExpression(text, subjects))
}
