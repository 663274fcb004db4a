import path from 'node:path'
import { Option } from 'commander'
import { replaySettings, type Setting } from '../formats/settings.ts'
import { append } from './option-values.ts'

/** The command-line option of a setting; when it is not given, the environment and the configuration file count. */
export function settingOption(setting: Setting & { readonly option: string }): Option {
  const meaning = setting.meaning.replaceAll('`', '')
  const shown = setting.initial ?? setting.initially?.replaceAll('`', '')
  return new Option(
    setting.option,
    shown === undefined ? meaning : `${meaning} (default: ${shown})`,
  )
}

/** What `--rehearse`, `--skip`, `--tcp`, `--allow` and `--config` were given. */
export interface PolicyOptions {
  readonly rehearse?: readonly string[]
  readonly skip?: readonly string[]
  readonly tcp?: string
  readonly allow?: readonly string[]
  readonly config?: string
}

export function policyOptions(): Option[] {
  const repeatable = (setting: Setting & { readonly option: string }): Option => {
    const option = settingOption(setting)
    option.description += '; repeatable'
    return option.argParser(append)
  }
  return [
    repeatable(replaySettings.rehearse),
    repeatable(replaySettings.skip),
    settingOption(replaySettings.tcp).choices(['deny', 'read', 'any']),
    repeatable(replaySettings.allow),
    configOption(),
  ]
}

export function configOption(): Option {
  return new Option(
    '--config <file>',
    'configuration file (default: prewarm.config.js, .mjs or .json of the application)',
  )
}

/** The variables that options stand for. Paths are absolute: `npm start` runs the service in another folder. */
export function policyEnvironment(options: PolicyOptions): NodeJS.ProcessEnv {
  const { rehearse, skip, tcp, allow, config } = options
  return {
    ...(rehearse !== undefined && { [replaySettings.rehearse.env]: rehearse.join(',') }),
    ...(skip !== undefined && { [replaySettings.skip.env]: skip.join(',') }),
    ...(tcp !== undefined && { [replaySettings.tcp.env]: tcp }),
    ...(allow !== undefined && { [replaySettings.allow.env]: allow.join(',') }),
    ...configEnvironment(config),
  }
}

export function configEnvironment(config: string | undefined): NodeJS.ProcessEnv {
  return config === undefined ? {} : { PREWARM_CONFIG: path.resolve(config) }
}
