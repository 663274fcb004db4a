import path from 'node:path'
import v8 from 'node:v8'
import type { Effect } from '../../formats/effects.ts'
import { watch } from './hooking.ts'

/** What Node writes about the process itself. `syncBuiltinESMExports()` is left to the caller. */
export function watchDiagnostics(): void {
  watch(v8, 'writeHeapSnapshot', {
    effects: (_, [file]) => writes('.', file ?? 'Heap.heapsnapshot'),
  })
  watch(process.report, 'writeReport', {
    effects: (self, [file]) => {
      const { directory, filename } = self as typeof process.report
      // An error may be all that is given.
      const named = typeof file === 'string' ? file : filename || 'report.json'
      return named === 'stdout' || named === 'stderr' ? [] : writes(directory, named)
    },
  })
}

/** Without a name Node makes one up of time, process and thread. */
function writes(folder: string, file: unknown): Effect[] {
  const target = path.resolve(folder, file as string)
  return [{ kind: 'file', access: 'write', target }]
}
