import { readFileSync } from 'node:fs'
import { sha256 } from '../formats/hash.ts'

/** The text of the file as V8 gets it, if it is the one with this hash; undefined: it is not. Throws where it cannot be read. */
export function readSource(file: string, hash: string): string | undefined {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  return sha256(text) === hash ? text : undefined
}
