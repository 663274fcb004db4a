import { PrewarmError } from '../../formats/errors.ts'
import { isNode } from '../node-command.ts'

/** A function that lost optimised code for one reason. */
export interface Deopt {
  /** Empty: it has none. */
  readonly name: string
  /** In V8's words. */
  readonly reason: string
  readonly count: number
}

const bailout =
  /^\[bailout \(kind: [^,]+, reason: (?<reason>.*)\): begin\. deoptimizing 0x[0-9a-f]+ <JSFunction ?(?<name>.*?) ?\(sfi = 0x[0-9a-f]+\)>/

/** V8 leaves Maglev's code for that of TurboFan in the middle of a loop: that is the way up. */
const wayUp = 'prepare for on stack replacement (OSR)'

/** The command with flags that make V8 write every deoptimisation to a file. Throws `ERR_PREWARM_CLI_USAGE`. */
export function withDeoptTrace(
  [executable = '', ...args]: readonly string[],
  file: string,
): string[] {
  if (!isNode(executable)) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--deopts: ${executable} is not Node`, {
      hint: 'V8 takes its flags from the command line alone: give the command as node app.js.',
    })
  }
  const flags = ['--trace-deopt', '--redirect-code-traces', `--redirect-code-traces-to=${file}`]
  return [executable, ...flags, ...args]
}

/** From what V8 has written, most frequent first. */
export function parseDeopts(trace: string): Deopt[] {
  const found = new Map<string, Deopt>()
  for (const line of trace.split('\n')) {
    const { name, reason } = bailout.exec(line)?.groups ?? {}
    if (name === undefined || reason === undefined || reason === wayUp) continue
    const key = `${name}\n${reason}`
    found.set(key, { name, reason, count: (found.get(key)?.count ?? 0) + 1 })
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}
