import { armNames } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'

/** An arm that a user adds: the `prewarm` arm with variables on top. */
export interface DefinedArm {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
}

const syntax = /^(?<name>[^=]*)=\s*(?<variables>[a-z_]\w*=.*)$/is
/** A value goes on until the next variable, so that it may hold spaces. */
const betweenVariables = /\s+(?=[a-z_]\w*=)/i
/** `compare` would not see what the arm does. */
const ownVariables = ['PREWARM_PROBE', 'PREWARM_REPORT']

/** Parses the values of `--arm`: `NAME=VARIABLE=VALUE [VARIABLE=VALUE ...]`. Throws `ERR_PREWARM_CLI_USAGE`. */
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
  const parts = syntax.exec(text)?.groups
  const { name = '', variables = '' } = parts ?? {}
  if (parts === undefined) throw malformed(text, 'it is not NAME=VARIABLE=VALUE')
  if (!/^[a-z\d+-]+$/i.test(name)) {
    throw malformed(text, `"${name}" is no name`, 'Names have letters, digits, + and - only.')
  }
  const env = Object.fromEntries(
    variables
      .trimEnd()
      .split(betweenVariables)
      .map((variable) => {
        const end = variable.indexOf('=')
        return [variable.slice(0, end), variable.slice(end + 1)] as const
      }),
  )
  const own = ownVariables.find((variable) => Object.hasOwn(env, variable))
  if (own !== undefined) throw malformed(text, `compare sets ${own} itself`, 'Leave it out.')
  return { name, env }
}

function malformed(text = '', why: string, hint?: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_CLI_USAGE', `--arm "${text}": ${why}`, {
    hint: hint ?? "Example: --arm 'short=PREWARM_BUDGET=500ms PREWARM_ROUNDS=40'.",
  })
}
