import { readFileSync } from 'node:fs'
import { PrewarmError, messageOf } from '../formats/errors.ts'
import { parseProfileKey } from '../formats/sealed.ts'

/**
 * The key that encrypts profiles, 32 bytes: from `PREWARM_PROFILE_KEY`, else from the file that `PREWARM_PROFILE_KEY_FILE`
 * names; undefined: neither is set. Throws `ERR_PREWARM_CFG_VALUE`, in which the key is not told.
 */
export function readProfileKey(env: NodeJS.ProcessEnv): Uint8Array | undefined {
  const text = env['PREWARM_PROFILE_KEY']
  if (text) return parse(text, 'PREWARM_PROFILE_KEY')
  const file = env['PREWARM_PROFILE_KEY_FILE']
  return file ? parse(read(file), `PREWARM_PROFILE_KEY_FILE=${file}`) : undefined
}

function parse(text: string, source: string): Uint8Array {
  const key = parseProfileKey(text)
  if (key !== undefined) return key
  throw new PrewarmError('ERR_PREWARM_CFG_VALUE', `${source} has no key that can be used`, {
    hint: 'Expected 32 bytes in hexadecimal or base64, as from: openssl rand -hex 32',
  })
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new PrewarmError(
      'ERR_PREWARM_CFG_VALUE',
      `PREWARM_PROFILE_KEY_FILE cannot be read: ${messageOf(error)}`,
      { hint: 'Expected a file with 32 bytes in hexadecimal or base64.', cause: error },
    )
  }
}
