import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import fs from 'node:fs'
import { devNull } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Effect } from '../../formats/effects.ts'
import { call, reject, watch, type Method } from './hooking.ts'

/** Files that a call with these arguments writes, makes, changes or removes; undefined: it is of no interest. */
type Targets = (args: readonly unknown[]) => readonly (string | undefined)[]

const first: Targets = ([file]) => [pathOf(file)]
const second: Targets = ([, file]) => [pathOf(file)]
const both: Targets = ([from, to]) => [pathOf(from), pathOf(to)]
const ifForWriting: Targets = ([file, flags]) => (isForWriting(flags) ? [pathOf(file)] : [])
const template: Targets = ([prefix]) => [path.resolve(`${textOf(prefix)}XXXXXX`)]

/** By name; each comes with a callback, as `...Sync`, and of `fs.promises`, as far as a Node has it. */
const targets: Record<string, Targets> = {
  appendFile: first,
  chmod: first,
  chown: first,
  copyFile: second,
  cp: second,
  fchmod: first,
  fchown: first,
  ftruncate: first,
  futimes: first,
  lchmod: first,
  lchown: first,
  link: second,
  lutimes: first,
  mkdir: first,
  mkdtemp: template,
  mkdtempDisposable: template,
  open: ifForWriting,
  rename: both,
  rm: first,
  rmdir: first,
  symlink: second,
  truncate: first,
  unlink: first,
  utimes: first,
  write: first,
  writeFile: first,
  writev: first,
}

const ofFileHandles = [
  'appendFile',
  'chmod',
  'chown',
  'truncate',
  'utimes',
  'write',
  'writeFile',
  'writev',
]

/**
 * These go through other functions of this table, some of them later: Node's own recursive removal and copying get hold of
 * the functions as they are once it is loaded, which is when it is first needed.
 */
const throughOthers = new Set([
  'appendFile',
  'cp',
  'lchmod',
  'rm',
  'rmdir',
  'truncate',
  'writeFile',
])
/** Not `writeFile`, which goes nowhere else, and which runs code of the caller: its data may be a generator. */
const promisesThroughOthers = new Set(['cp', 'rm', 'rmdir'])

/** Set in what a function does that goes through others: all that has been told of already. */
const isTold = new AsyncLocalStorage<true>()

/** Before the application is loaded. `syncBuiltinESMExports()` is left to the caller. */
export function watchFiles(): void {
  for (const [name, targetsOf] of Object.entries(targets)) {
    const effects = (_: unknown, args: readonly unknown[]): Effect[] => writesTo(targetsOf(args))
    const pass = throughOthers.has(name) ? passAsTold : call
    // Streams write from callbacks, where nobody would catch what is thrown.
    const isOfStreams = name === 'write' || name === 'writev'
    watch(fs, name, { effects, pass, ...(isOfStreams ? { refuse: callBack } : {}) })
    watch(fs, `${name}Sync`, { effects, pass })
    watch(fs.promises, name, {
      effects,
      refuse: reject,
      pass: promisesThroughOthers.has(name) ? passAsTold : call,
    })
  }
}

/** The class of file handles can only be had from one of them. */
export async function watchFileHandles(): Promise<void> {
  const handle = await fs.promises.open(devNull)
  await handle.close()
  const prototype = Object.getPrototypeOf(handle) as object
  const effects = (self: unknown): Effect[] => writesTo([pathOf(self)])
  for (const name of ofFileHandles) watch(prototype, name, { effects, refuse: reject })
}

/** Nobody is going to watch any more: on Node 20 and 22 async storage costs all asynchronous code a little. */
export function forgetToldFiles(): void {
  isTold.disable()
}

function writesTo(files: readonly (string | undefined)[]): Effect[] {
  if (isTold.getStore() === true) return []
  return files
    .filter((file) => file !== undefined)
    .map((target) => ({ kind: 'file', access: 'write', target }))
}

/** The callback is the caller's and has nothing to do with what was told; nor has the filter of a copy, wherever it runs. */
function passAsTold(original: Method, self: unknown, args: unknown[]): unknown {
  const options = args[2] as { filter?: unknown } | null | undefined
  if (typeof options?.filter === 'function') return call(original, self, args)
  const bound = args.map((each) =>
    typeof each === 'function' ? AsyncResource.bind(each as Method) : each,
  )
  return isTold.run(true, call, original, self, bound)
}

function callBack(error: Error, args: readonly unknown[]): void {
  const callback = args.findLast((each) => typeof each === 'function')
  if (callback === undefined) throw error
  process.nextTick(callback, error)
}

/** As in `fs.open(path, flags)`; numbers are those of open(2). */
function isForWriting(flags: unknown): boolean {
  const { O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC } = fs.constants
  if (typeof flags === 'number')
    return (flags & (O_WRONLY | O_RDWR | O_APPEND | O_CREAT | O_TRUNC)) !== 0
  return typeof flags === 'string' && !['r', 'rs', 'sr'].includes(flags)
}

/** Of a path, a descriptor or a file handle; undefined for standard output and error, which are logs, and for nothing. */
function pathOf(file: unknown): string | undefined {
  if (typeof file === 'number') return pathOfDescriptor(file)
  if (typeof file === 'object' && file !== null && 'fd' in file) return pathOf(file.fd)
  const resolved = path.resolve(textOf(file))
  return logs().has(resolved) ? undefined : resolved
}

function textOf(file: unknown): string {
  if (typeof file === 'string') return file
  if (ArrayBuffer.isView(file))
    return Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString()
  return fileURLToPath(file as URL)
}

function pathOfDescriptor(descriptor: number): string | undefined {
  if (descriptor === 1 || descriptor === 2) return undefined
  const link = linkOf(descriptor)
  if (link === undefined) return `fd ${descriptor}`
  if (logs().has(link)) return undefined
  // `pipe:[4711]`: the number is another one in every process.
  return path.isAbsolute(link) ? link : `fd ${descriptor}`
}

const { readlinkSync } = fs

/** What the kernel says that a descriptor stands for; undefined where it does not say. */
function linkOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return undefined
  }
}

let foundLogs: ReadonlySet<string | undefined> | undefined

function logs(): ReadonlySet<string | undefined> {
  foundLogs ??= new Set([
    devNull,
    ...['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', linkOf(1)],
    ...['/dev/stderr', '/dev/fd/2', '/proc/self/fd/2', linkOf(2)],
  ])
  return foundLogs
}
