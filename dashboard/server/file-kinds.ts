import { looksLikeResults } from '../../formats/results.ts'
import { looksLikeStartReport } from '../../formats/start-report.ts'
import type { FileKind } from '../api.ts'

/** Enough of a file to tell its kind. */
export const headBytes = 1024

/** The magic bytes of a profile, as text. */
const profileMagic = 'PREWARM\0'

/** By its name alone; null: the content has to tell. */
export function kindByName(name: string): FileKind | null {
  if (name.endsWith('.live.jsonl')) return 'live'
  return name.endsWith('.prewarm') ? 'profile' : null
}

/** By how it begins; null: it is nothing of ours. */
export function kindByHead(head: Uint8Array): FileKind | null {
  const text = new TextDecoder().decode(head.subarray(0, headBytes))
  if (text.startsWith(profileMagic)) return 'profile'
  if (looksLikeResults(text)) return 'results'
  if (looksLikeStartReport(text)) return 'start'
  return looksLikeReport(text) ? 'report' : null
}

/** What a file that the user has named is taken for when nothing tells: its error will say the rest. */
export function kindByExtension(name: string): FileKind {
  if (name.endsWith('.jsonl')) return 'results'
  return name.endsWith('.json') ? 'report' : 'profile'
}

/** A run report begins with these; no other JSON that lies beside one does. */
function looksLikeReport(text: string): boolean {
  return /^\s*\{\s*"schemaVersion"\s*:\s*\d+\s*,\s*"prewarm"\s*:\s*"[^"]*"\s*,\s*"pid"/.test(text)
}
