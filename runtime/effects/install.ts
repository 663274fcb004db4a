import { installSocketHooks } from './sockets.ts'

/** Before any code of the application runs, which may keep Node's functions under names of its own. */
export function installEffectHooks(): void {
  installSocketHooks()
}

/** Once a rehearsal or a trial begins: hooks into what need not be there before. */
export async function completeEffectHooks(): Promise<void> {
  await Promise.resolve()
}
