import { PrewarmError } from '../formats/errors.ts'
import type { Config } from '../replayer/config.ts'

/** The profile that options, environment and configuration file name. Throws `ERR_PREWARM_CLI_USAGE`: they name none. */
export function namedProfile({ profile }: Pick<Config, 'profile'>): string {
  if (profile !== undefined) return profile
  throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'No profile is named', {
    hint: 'Give -p FILE, PREWARM_PROFILE, or replay.profile in a configuration file.',
  })
}
