import { Command, Option } from 'commander'
import { diffProfiles, isDifferent } from '../../dashboard/analysis/profile-diff.ts'
import type { UnitChange } from '../../dashboard/api.ts'
import { digestOf } from '../../formats/container.ts'
import { wholeNumber } from '../option-values.ts'
import { readUnlockedProfile } from '../profile-file.ts'
import { hasDifferences, renderDiff, type DiffView } from '../render/diff.ts'

/** Exit code with `--exit-code` when the profiles differ. */
const differs = 3

interface DiffOptions {
  readonly top: number
  readonly exitCode?: true
  readonly json?: true
}

const examples = `
Modules are told by their id, else by their source; functions by module and source, else by their place. A function is
hotter or colder, and a route weighs more or less, when its share of all samples or requests is another one by half at
least and by more than chance. Times and totals of the recordings are not compared.

Examples:
  prewarm diff old.prewarm new.prewarm
  prewarm diff old.prewarm new.prewarm --top 50
  prewarm diff monday.prewarm today.prewarm --exit-code --json | jq '.modules[] | .unit'`

/** `prewarm diff`: what became of one profile in another one. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('show what differs between two profiles')
    .argument('<old>', 'profile')
    .argument('<new>', 'profile that it is compared with')
    .option('--top <n>', 'lines of each kind', wholeNumber(1), 20)
    .option('--exit-code', `end with ${differs} when they differ`)
    .addOption(new Option('--json', 'print all that differs as JSON'))
    .addHelpText('after', examples)
    .action(async (from: string, to: string, options: DiffOptions, command: Command) => {
      const before = await readUnlockedProfile(from)
      const after = await readUnlockedProfile(to)
      const lock = before.lock ?? after.lock
      const view: DiffView = {
        from,
        to,
        ...diffProfiles(before.profile, after.profile),
        ...(lock !== undefined && { routes: [] }),
        locked: lock && `${lock.message}.\n${lock.hint ?? ''}`,
      }
      const digests = { from: digestOf(before.bytes), to: digestOf(after.bytes) }
      const text =
        options.json === true
          ? JSON.stringify(toJson(view, digests), null, 2)
          : renderDiff(view, options.top)
      command.configureOutput().writeOut?.(`${text}\n`)
      if (options.exitCode === true && hasDifferences(view)) process.exitCode = differs
    })
}

/** The stable form of `--json`: units that are the same in both are only counted. */
function toJson(view: DiffView, digests: { readonly from: string; readonly to: string }): unknown {
  const { from, to, meta, modules, functions, routes, locked } = view
  const same = (changes: readonly UnitChange[]): number =>
    changes.filter((each) => !isDifferent(each)).length
  return {
    schemaVersion: 1,
    from: { profile: from, digest: digests.from },
    to: { profile: to, digest: digests.to },
    isDifferent: hasDifferences(view),
    /** Why routes are missing; null: they are not. */
    locked: locked ?? null,
    unchanged: { modules: same(modules), functions: same(functions), routes: same(routes) },
    meta,
    modules: modules.filter(isDifferent),
    functions: functions.filter(isDifferent),
    routes: routes.filter(isDifferent),
  }
}
