import { armNames } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import { commandWords } from './command-words.ts'

/**
 * An arm that a user adds. replay: the `prewarm` arm with variables on top. cold: a cold start with them. command: one of its
 * own with them, without the replayer.
 */
export interface DefinedArm {
  readonly name: string
  readonly kind: 'replay' | 'cold' | 'command'
  readonly env: Readonly<Record<string, string>>
  /** Of kind command only. */
  readonly command?: readonly string[]
  /** The definition without its name, for people. */
  readonly setting: string
}

/** What `--fail-if` calls the earlier measurement. */
export const baselineName = 'baseline'

const syntax = /^(?<name>[^=]*)=\s*(?<definition>.*)$/s
/** Alone, or before variables. */
const baseWord = /^(?<base>cold|prewarm)(?:\s+|$)/
const commandMark = /(?:^|\s+)--(?:\s+|$)/
const variableSyntax = /^[a-z_]\w*=/i
/** A value goes on until the next variable, so that it may hold spaces. */
const betweenVariables = /\s+(?=[a-z_]\w*=)/i
/** `compare` would not see what the arm does. */
const ownVariables = ['PREWARM_PROBE', 'PREWARM_REPORT']

/**
 * Parses the values of `--arm`: `NAME=[cold|prewarm] [VARIABLE=VALUE ...]` or `NAME=[VARIABLE=VALUE ...] -- COMMAND`. Throws
 * `ERR_PREWARM_CLI_USAGE`.
 */
export function parseDefinedArms(texts: readonly string[]): readonly DefinedArm[] {
  const arms = texts.map(parseDefinedArm)
  const names: string[] = [...armNames]
  for (const [index, { name }] of arms.entries()) {
    if (names.includes(name)) {
      throw malformed(texts[index], `there is an arm "${name}" already`, 'Give it another name.')
    }
    names.push(name)
  }
  return arms
}

function parseDefinedArm(text: string): DefinedArm {
  const { name = '', definition = '' } = syntax.exec(text)?.groups ?? {}
  const arm = parseDefinition(text, definition.trim())
  if (!/^[a-z\d+-]+$/i.test(name)) {
    throw malformed(text, `"${name}" is no name`, 'Names have letters, digits, + and - only.')
  }
  if (name === baselineName) {
    throw malformed(text, 'conditions call an earlier measurement so', 'Give it another name.')
  }
  return { name, ...arm }
}

function parseDefinition(text: string, setting: string): Omit<DefinedArm, 'name'> {
  if (setting === '') throw malformed(text, 'it is not NAME=VARIABLE=VALUE')
  const mark = commandMark.exec(setting)
  if (mark !== null) {
    const env = parseVariables(text, setting.slice(0, mark.index))
    const command = parseCommand(text, setting.slice(mark.index + mark[0].length))
    return { kind: 'command', env, command, setting }
  }
  const base = baseWord.exec(setting)
  const env = parseVariables(text, setting.slice(base?.[0].length ?? 0))
  return { kind: base?.groups?.['base'] === 'cold' ? 'cold' : 'replay', env, setting }
}

function parseVariables(text: string, variables: string): Readonly<Record<string, string>> {
  if (variables.trim() === '') return {}
  if (!variableSyntax.test(variables)) throw malformed(text, 'it is not NAME=VARIABLE=VALUE')
  const env = Object.fromEntries(
    variables.split(betweenVariables).map((variable) => {
      const end = variable.indexOf('=')
      return [variable.slice(0, end), variable.slice(end + 1)] as const
    }),
  )
  const own = ownVariables.find((variable) => Object.hasOwn(env, variable))
  if (own !== undefined) throw malformed(text, `compare sets ${own} itself`, 'Leave it out.')
  return env
}

function parseCommand(text: string, command: string): readonly string[] {
  const words = commandWords(command)
  if (words === undefined) throw malformed(text, 'a quote is not closed')
  if (words.length === 0) throw malformed(text, 'there is no command after --')
  return words
}

function malformed(text = '', why: string, hint?: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_CLI_USAGE', `--arm "${text}": ${why}`, {
    hint:
      hint ??
      "Examples: --arm 'short=PREWARM_BUDGET=500ms PREWARM_ROUNDS=40', --arm 'own=-- node warm.js'.",
  })
}
