import path from 'node:path'
import { inspect } from 'node:util'
import { PrewarmError } from '../formats/errors.ts'
import type { Resolve } from '../formats/setting-kinds.ts'
import type { Setting, Settings, Values } from '../formats/settings.ts'
import type { ConfigSection } from './config-file.ts'

const longestShown = 60

/**
 * The value of every setting: that of the environment, else that of the configuration file, else the default. Both are
 * checked. An empty variable is none; a comma alone is an empty list. Paths are made absolute now: the service may call
 * `process.chdir()` later. Throws `ERR_PREWARM_CFG_VALUE`.
 */
export function readSettings<S extends Settings>(
  settings: S,
  env: NodeJS.ProcessEnv,
  section: ConfigSection | undefined,
): Values<S> {
  const values = Object.entries(settings).map(([key, setting]) => {
    const inFile = section?.values[key]
    const fromFile =
      section === undefined || inFile === undefined
        ? undefined
        : parse(setting, inFile, within(section.folder), () => `${section.place}.${key}: `)
    const inEnv = env[setting.env] || undefined
    const text = inEnv ?? (fromFile === undefined ? setting.initial : undefined)
    if (text === undefined) return [key, fromFile]
    return [key, parse(setting, text, path.resolve, () => `${setting.env}=`)]
  })
  return Object.fromEntries(values) as Values<S>
}

function parse(setting: Setting, given: unknown, resolve: Resolve, place: () => string): unknown {
  const value = setting.parse(given, resolve)
  if (value !== undefined) return value
  const isText = typeof given === 'string'
  const shown = isText ? given : inspect(given, { depth: 1, breakLength: Infinity })
  throw new PrewarmError(
    'ERR_PREWARM_CFG_VALUE',
    `${place()}${shown.slice(0, longestShown)} cannot be used`,
    { hint: `Expected ${setting.expected}.` },
  )
}

function within(folder: string): Resolve {
  return (file) => path.resolve(folder, file)
}
