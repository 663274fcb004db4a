import { unknownVariables } from '../formats/variables.ts'

/** Says on stderr which variables are named like ours and do nothing: the preloads of a service print nothing. */
export function warnOfUnknownVariables(): void {
  for (const { name, meant } of unknownVariables(Object.keys(process.env))) {
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
    process.stderr.write(`prewarm: there is no variable ${name}.${hint}\n`)
  }
}
