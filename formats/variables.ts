import { nearestName } from './nearest-name.ts'
import { configSections, type Settings } from './settings.ts'

const prefix = 'PREWARM_'

/** Those that are no settings of a configuration file. */
const others = ['CONFIG', 'PROFILE_KEY', 'PROFILE_KEY_FILE', 'SECRETS', 'SECRETS_FILE']

/** What its own processes, and its tests, tell each other. */
const internal = ['RECORDER_PID', 'PROBE', 'VERIFY', 'EXPLAIN', 'EXPLAIN_OBSERVE', 'LINES']

const sections: readonly Settings[] = Object.values(configSections)
const settings = sections.flatMap((each) =>
  Object.values(each).map(({ env }) => env.slice(prefix.length)),
)
const offered = [...new Set([...settings, ...others])]

/** Every variable that something reads. */
export const knownVariables: ReadonlySet<string> = new Set(
  [...offered, ...internal].map((name) => prefix + name),
)

export interface UnknownVariable {
  readonly name: string
  /** That was probably meant; undefined: none is near. */
  readonly meant: string | undefined
}

/** Variables that are named like ours and that nothing reads. */
export function unknownVariables(names: readonly string[]): UnknownVariable[] {
  return names
    .filter((name) => name.startsWith(prefix) && !knownVariables.has(name))
    .map((name) => {
      // All begin alike, which would make any two of them near.
      const nearest = nearestName(name.slice(prefix.length), offered)
      return { name, meant: nearest === undefined ? undefined : prefix + nearest }
    })
}
