import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Effect } from '../../formats/effects.ts'
import { firstRefusal, watch, type Method } from './hooking.ts'
import { currentSink } from './sink.ts'

const files = new WeakMap<object, string>()

/** Set while Node itself sends messages: to start a worker, or through the port below a worker or a channel. */
let isNodeSending = false

/** Before the application is loaded. `syncBuiltinESMExports()` is left to the caller. */
export function watchWorkers(): void {
  const threads = process.getBuiltinModule('node:worker_threads')
  watchStart(threads)
  watch(threads.Worker.prototype, 'postMessage', {
    effects: (self) => (isOfNode(self) ? [] : sendsTo(files.get(self as object) ?? 'worker')),
    pass: passAsNode,
  })
  watch(threads.BroadcastChannel.prototype, 'postMessage', {
    effects: (self) => sendsTo((self as { name: string }).name),
    pass: passAsNode,
  })
  watch(threads.MessagePort.prototype, 'postMessage', {
    effects: (_, [message]) => (isNodeSending || asksForOutput(message) ? [] : sendsTo('port')),
  })
}

/** A class has no method that could be replaced; the proxy is the same class in every other respect. */
function watchStart(threads: typeof import('node:worker_threads')): void {
  const { Worker } = threads
  const proxy = new Proxy(Worker, {
    construct(target, args: unknown[], newTarget) {
      const construct = (): object => Reflect.construct(target, args, newTarget) as object
      const sink = currentSink()
      const file = fileOf(args)
      if (sink !== undefined) {
        const error = firstRefusal(sink, sendsTo(file))
        if (error !== undefined) throw error
      }
      const worker = sink === undefined ? construct() : asNode(construct)
      files.set(worker, file)
      return worker
    },
  })
  threads.Worker = proxy
  Object.defineProperty(Worker.prototype, 'constructor', { value: proxy })
}

/** Code that is given as text is not named: it may hold anything. */
function fileOf([file, options]: readonly unknown[]): string {
  if ((options as WorkerOptions | undefined)?.eval === true) return 'eval'
  try {
    if (typeof file === 'string') return path.resolve(file)
    return (file as URL).protocol === 'file:' ? fileURLToPath(file as URL) : 'eval'
  } catch {
    return 'worker'
  }
}

interface WorkerOptions {
  readonly eval?: boolean
}

function sendsTo(target: string): Effect[] {
  return [{ kind: 'worker', access: 'write', target }]
}

/** The thread that runs the hooks of `module.register()` is asked whenever the application imports something. */
function isOfNode(worker: unknown): boolean {
  return (worker as object).constructor.name === 'InternalWorker'
}

/** Sent to a worker whose output is read. */
function asksForOutput(message: unknown): boolean {
  return (message as { type?: unknown } | null | undefined)?.type === 'stdioWantsMoreData'
}

function passAsNode(original: Method, self: unknown, args: unknown[]): unknown {
  return asNode(() => Reflect.apply(original, self, args))
}

function asNode<T>(work: () => T): T {
  const before = isNodeSending
  isNodeSending = true
  try {
    return work()
  } finally {
    isNodeSending = before
  }
}
