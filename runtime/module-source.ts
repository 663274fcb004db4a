import { readFileSync } from 'node:fs'
import Module from 'node:module'
import { sha256 } from '../formats/hash.ts'

/** From Node 22.13 on. */
const { stripTypeScriptTypes } = Module as { stripTypeScriptTypes?: (code: string) => string }

/** The text of the file as V8 gets it, if it is the one with this hash; undefined: it is not. Throws where it cannot be read. */
export function readSource(file: string, hash: string): string | undefined {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  if (sha256(text) === hash) return text
  const stripped = /\.[cm]?ts$/.test(file) ? stripTypes(text) : undefined
  return stripped !== undefined && sha256(stripped) === hash ? stripped : undefined
}

function stripTypes(text: string): string | undefined {
  const { emitWarning } = process
  // That it is experimental is told to those who use it; this one is not the application's.
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes?.(text)
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}
