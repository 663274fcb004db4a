import { PrewarmError } from '../formats/errors.ts'

const maxNameLength = 200

/** Throws `ERR_PREWARM_CFG_VALUE`: with or without a recorder and a replayer, so that a mistake shows at once. */
export function checkWork(caller: string, name: unknown, fn: unknown): void {
  if (typeof name !== 'string' || name === '' || name.length > maxNameLength) {
    throw new PrewarmError('ERR_PREWARM_CFG_VALUE', `${caller}: ${String(name)} is not a name`, {
      hint: `Expected a text of 1 to ${maxNameLength} characters.`,
    })
  }
  if (typeof fn !== 'function') {
    throw new PrewarmError('ERR_PREWARM_CFG_VALUE', `${caller}('${name}'): no function is given`)
  }
}
