/** `node --import prewarm/record app.js`: records this process until a signal, a limit, `stopRecording()` or its end. */
import { accessSync, constants, readFileSync } from 'node:fs'
import path from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { isPrewarmError, messageOf } from '../formats/errors.ts'
import { readConfig, type Config } from './config.ts'
import { Recorder } from './recorder.ts'
import { sharedRecorderKey, type SharedRecorder } from './status.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

if (isMainThread) {
  try {
    record(readConfig(process.env))
  } catch (error) {
    complain(error)
  }
}

function record(config: Config): void {
  const recorder = new Recorder(config, ownVersion(), (count) => {
    // The answer that reaches the limit is still on its way out.
    if (count === config.stopAfterRequests) setImmediate(finish)
  })
  const stop = (): string | undefined => {
    for (const signal of stopSignals) process.off(signal, onSignal)
    const written = recorder.stop()
    if (written !== undefined && !config.quiet) process.stderr.write(`${summaryOf(written)}\n`)
    return written?.file
  }
  /** Where there is nobody to throw to. */
  const finish = (): void => {
    try {
      stop()
    } catch (error) {
      complain(error)
    }
  }
  /** Not every signal is followed by an `exit` event. */
  const onExit = (): void => {
    finish()
    recorder.release()
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    onExit()
    // Had we not listened, the signal would have ended the process, unless the application listens too.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  warnEarly(config.out)
  recorder.start()
  for (const signal of stopSignals) process.on(signal, onSignal)
  process.on('exit', onExit)
  if (config.stopAfterMs !== undefined) setTimeout(finish, config.stopAfterMs).unref()
  const shared: SharedRecorder = {
    stop,
    recordable: (name, fn, codec) => recorder.recordable(name, fn, codec),
  }
  Object.defineProperty(globalThis, sharedRecorderKey, { value: shared })
}

function summaryOf({ file, bytes, profile }: NonNullable<ReturnType<Recorder['stop']>>): string {
  const { modules, functions, requests, work, meta } = profile
  const calls = work.reduce((sum, { count }) => sum + count, 0)
  return (
    `prewarm: recorded ${modules.length} modules, ${functions.length} hot functions and ` +
    `${meta.requestCount} requests on ${requests.routes.length} routes ` +
    (calls > 0 ? `and ${calls} calls of ${[...work].map(({ name }) => name).join(', ')} ` : '') +
    `to ${file} ` +
    `(${(bytes / 1024 / 1024).toFixed(1)} MiB)`
  )
}

/** Better to hear of a folder that cannot be written to now than after an hour of traffic. */
function warnEarly(out: string): void {
  const folder = path.dirname(path.resolve(out))
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    process.stderr.write(
      `prewarm: ERR_PREWARM_REC_WRITE: ${folder} cannot be written to: ${messageOf(error)}\n`,
    )
  }
}

function complain(error: unknown): void {
  const code = isPrewarmError(error) ? error.code : 'ERR_PREWARM_REC_FAILED'
  const hint = isPrewarmError(error) && error.hint !== undefined ? ` ${error.hint}` : ''
  process.stderr.write(`prewarm: ${code}: ${messageOf(error)}${hint}\n`)
}

function ownVersion(): string {
  // dist/recorder/preload.js is two folders below package.json.
  const file = path.join(import.meta.dirname, '..', '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
