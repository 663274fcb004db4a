/**
 * Keeps a process that has nothing left to do from ending until the recording is done: Node asks again when there has been
 * something to do since. Nobody else is told of `beforeExit` meanwhile. Call this before the application is loaded, which may
 * keep `process.emit` under a name of its own.
 *
 * @param onEnd - undefined: there is nothing to wait for
 */
export function holdEnd(onEnd: () => Promise<unknown> | undefined): void {
  const emit = process.emit
  let isDone = false
  const held = function (this: NodeJS.Process, ...args: unknown[]): boolean {
    const end = isDone || args[0] !== 'beforeExit' ? undefined : onEnd()
    if (end === undefined) return Reflect.apply(emit, this, args) as boolean
    isDone = true
    const keepAlive = setInterval(() => undefined, 60_000)
    void end.finally(() => {
      clearInterval(keepAlive)
      // So that Node asks again.
      setImmediate(() => undefined)
    })
    return true
  } as typeof process.emit
  process.emit = held
}
