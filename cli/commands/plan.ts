import { Command, Option } from 'commander'
import { nearestName } from '../../formats/nearest-name.ts'
import { isListed, routeName } from '../../formats/policy.ts'
import { replaySettings } from '../../formats/settings.ts'
import { readConfig, type Config } from '../../replayer/config.ts'
import { loadConfigFile } from '../../runtime/config-file.ts'
import { applicationRoot } from '../application.ts'
import { namedProfile } from '../named-profile.ts'
import { parseShare } from '../option-values.ts'
import { planRehearsal, type RehearsalPlan } from '../plan/rehearsal-plan.ts'
import { readProfileFile } from '../profile-file.ts'
import { renderPlan, type PlanView } from '../render/plan.ts'
import { formatShare } from '../../dashboard/analysis/units.ts'
import {
  policyEnvironment,
  policyOptions,
  settingOption,
  type PolicyOptions,
} from '../setting-options.ts'
import { warnOfUnknownVariables } from '../variable-warnings.ts'

/** Exit code when less of the traffic than `--min-rehearsed` would be rehearsed. */
const tooLittle = 3

interface PlanOptions extends PolicyOptions {
  readonly profile?: string
  readonly app?: string
  readonly json?: true
  /** 0 to 1 */
  readonly minRehearsed?: number
}

const examples = `
Options, environment and configuration file count as they do in production. A route counts as rehearsed when one of its
recorded requests is; without requests calls of work are counted. With less than --min-rehearsed the exit code is ${tooLittle}.

Examples:
  prewarm plan -p app.prewarm
  prewarm plan -p app.prewarm --rehearse 'POST /graphql' --allow 'redis write *'
  prewarm plan -p app.prewarm --tcp deny --min-rehearsed 80%
  prewarm plan -p app.prewarm --json | jq '.routes[] | select(.exemplars.rehearsed == 0)'`

/** `prewarm plan`: what of a profile a replayer would rehearse, and why it would not rehearse the rest. */
export function planCommand(): Command {
  const command = new Command('plan')
    .description('show which recorded requests would be rehearsed, and why the others would not')
    .addHelpText('after', examples)
    .action(async (options: PlanOptions) => {
      const view = await planView(options)
      const text = options.json === true ? JSON.stringify(toJson(view), null, 2) : renderPlan(view)
      command.configureOutput().writeOut?.(`${text}\n`)
      if (options.minRehearsed !== undefined) judge(view.plan, options.minRehearsed)
    })
  const own = [
    settingOption(replaySettings.profile),
    new Option('--app <folder>', 'folder of the application (default: this folder)'),
    ...policyOptions(),
    new Option('--min-rehearsed <share>', 'least part of the traffic, as 80%').argParser(
      parseShare,
    ),
    new Option('--json', 'print everything as JSON'),
  ]
  for (const option of own) command.addOption(option)
  return command
}

async function planView(options: PlanOptions): Promise<PlanView> {
  warnOfUnknownVariables()
  const env = { ...process.env, ...policyEnvironment(options) }
  if (options.profile !== undefined) env[replaySettings.profile.env] = options.profile
  const file = loadConfigFile(env, await applicationRoot(options.app))
  const config = readConfig(env, file)
  const named = namedProfile(config)
  const { profile } = await readProfileFile(named)
  const plan = planRehearsal(profile, config.policy)
  return {
    file: named,
    appId: profile.meta.appId,
    configFile: file?.file,
    plan,
    warnings: [...warningsOf(config), ...unmatchedEntries(plan)],
  }
}

function warningsOf({ mode, budgetMs, maxRounds }: Config): string[] {
  if (mode === 'off') return ['The mode is off: as it is set, nothing is rehearsed at all.']
  if (budgetMs === 0) return ['The budget is 0: as it is set, nothing is rehearsed at all.']
  return maxRounds === 0 ? ['Rounds are 0: as it is set, nothing is rehearsed at all.'] : []
}

/** Entries of lists that name nothing which was recorded, as a mistyped one does. */
function unmatchedEntries({ policy, routes, work }: RehearsalPlan): string[] {
  const ofRoutes = routes.map(routeName)
  const names = { rehearse: ofRoutes, skip: [...ofRoutes, ...work.map(({ name }) => name)] }
  return (['rehearse', 'skip'] as const).flatMap((list) =>
    policy[list]
      .filter((entry) => !names[list].some((name) => isListed(name, [entry])))
      .map((entry) => {
        const nearest = nearestName(entry, names[list])
        const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`
        return `Nothing that was recorded has the name ${entry} of ${list}.${meant}`
      }),
  )
}

function judge({ rehearsedShare }: RehearsalPlan, least: number): void {
  const isMissed = rehearsedShare < least
  const found = `${formatShare(rehearsedShare, 1)} of the traffic would be rehearsed`
  process.stderr.write(`${isMissed ? '✗' : '✓'} at least ${formatShare(least, 1)}: ${found}\n`)
  if (isMissed) process.exitCode = tooLittle
}

/** The stable form of `--json`. */
function toJson({ file, appId, configFile, plan, warnings }: PlanView): unknown {
  const { policy, rehearsedShare, routes, work } = plan
  return {
    schemaVersion: 1,
    profile: file,
    appId,
    configFile: configFile ?? null,
    policy,
    warnings,
    rehearsedShare,
    routes,
    work,
  }
}
