import type { Effect } from '../../formats/effects.ts'
import { watch } from './hooking.ts'

/** Before the application is loaded. `syncBuiltinESMExports()` is left to the caller. */
export function watchDebugPort(): void {
  watch(process, '_debugProcess', { effects: () => opens })
  // `node:inspector/promises` takes it over when it is loaded.
  const inspector = inspectorModule()
  if (inspector !== undefined) watch(inspector, 'open', { effects: () => opens })
}

const opens: readonly Effect[] = [{ kind: 'process', access: 'write', target: 'inspector' }]

/** Undefined in a Node.js that was built without it. */
function inspectorModule(): object | undefined {
  try {
    return process.getBuiltinModule('node:inspector')
  } catch {
    return undefined
  }
}
