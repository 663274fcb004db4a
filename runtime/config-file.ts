import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { types } from 'node:util'
import { PrewarmError, messageOf } from '../formats/errors.ts'
import { nearestName } from '../formats/nearest-name.ts'
import { configSections, type ConfigSectionName } from '../formats/settings.ts'

/** Looked for in this order; the first that is there counts. */
const fileNames = ['prewarm.config.js', 'prewarm.config.mjs', 'prewarm.config.json']

type Entries = Readonly<Record<string, unknown>>

/** A configuration file as it was read: an object whose keys and values nobody has looked at. */
export interface ConfigFile {
  /** Absolute path. */
  readonly file: string
  readonly content: Entries
}

/** One section of a configuration file, with known keys only. */
export interface ConfigSection {
  /** For messages: `/srv/shop/prewarm.config.js: replay`. */
  readonly place: string
  /** Absolute; what paths in it are relative to. */
  readonly folder: string
  readonly values: Entries
}

/**
 * Absolute path of the file that `PREWARM_CONFIG` names, there or not, else of the one in `root`; undefined: there is
 * none.
 */
export function findConfigFile(env: NodeJS.ProcessEnv, root: string): string | undefined {
  if (env['PREWARM_CONFIG']) return path.resolve(env['PREWARM_CONFIG'])
  return fileNames.map((name) => path.join(root, name)).find((file) => existsSync(file))
}

/** What {@link findConfigFile} finds, read. Throws `ERR_PREWARM_CFG_FILE`. */
export function loadConfigFile(env: NodeJS.ProcessEnv, root: string): ConfigFile | undefined {
  const file = findConfigFile(env, root)
  return file === undefined ? undefined : readConfigFile(file)
}

/** Runs a file of JavaScript, which may not wait at its top level, and parses one of JSON. Throws `ERR_PREWARM_CFG_FILE`. */
function readConfigFile(file: string): ConfigFile {
  let content: unknown
  try {
    content = file.endsWith('.json')
      ? JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
      : defaultExport(file)
  } catch (error) {
    throw new PrewarmError('ERR_PREWARM_CFG_FILE', `${file}: ${messageOf(error)}`, {
      hint: 'PREWARM_CONFIG or --config names another file.',
      cause: error,
    })
  }
  if (isObject(content)) return { file, content }
  throw new PrewarmError('ERR_PREWARM_CFG_FILE', `${file}: there is no object in it`, {
    hint: 'Export one as default: export default { replay: { ... } }',
  })
}

/** Checks the keys of all sections. Throws `ERR_PREWARM_CFG_KEY`, and `ERR_PREWARM_CFG_VALUE` for what is no section. */
export function sectionOf({ file, content }: ConfigFile, name: ConfigSectionName): ConfigSection {
  for (const [section, values] of entriesOf(content)) {
    if (!isSectionName(section)) refuseKey(file, section, keysOf(configSections))
    if (!isObject(values)) {
      throw new PrewarmError('ERR_PREWARM_CFG_VALUE', `${file}: ${section} is not an object`, {
        hint: `Expected some of ${Object.keys(configSections[section]).join(', ')}.`,
      })
    }
    for (const [key] of entriesOf(values)) {
      if (Object.hasOwn(configSections[section], key)) continue
      refuseKey(file, `${section}.${key}`, Object.keys(configSections[section]))
    }
  }
  const values = (content[name] ?? {}) as Entries
  return { place: `${file}: ${name}`, folder: path.dirname(file), values }
}

function refuseKey(file: string, key: string, siblings: readonly string[]): never {
  const typed = key.slice(key.indexOf('.') + 1)
  // A setting may have been put beside the sections, or in the other one.
  const places = new Map(
    keysOf(configSections).flatMap((section) =>
      Object.keys(configSections[section]).map((name) => [name, `${section}.${name}`]),
    ),
  )
  const meant =
    places.get(typed) ??
    nearestName(typed, siblings) ??
    places.get(nearestName(typed, [...places.keys()]) ?? '')
  throw new PrewarmError('ERR_PREWARM_CFG_KEY', `${file}: there is no setting ${key}`, {
    hint: meant === undefined ? `There are ${siblings.join(', ')}.` : `Did you mean ${meant}?`,
  })
}

/** By `require`, also of ES modules: a preload that had to wait would cost every start some milliseconds. */
function defaultExport(file: string): unknown {
  const exported: unknown = createRequire(file)(file)
  return types.isModuleNamespaceObject(exported)
    ? (exported as { readonly default?: unknown }).default
    : exported
}

/** A key without a value is as good as none: `profile: process.env.NONE`. */
function entriesOf(values: Entries): [string, unknown][] {
  return Object.entries(values).filter(([, value]) => value !== undefined)
}

function isObject(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSectionName(name: string): name is ConfigSectionName {
  return Object.hasOwn(configSections, name)
}

function keysOf<T extends object>(object: T): (keyof T & string)[] {
  return Object.keys(object) as (keyof T & string)[]
}
