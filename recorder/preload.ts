/** `node --import prewarm/record app.js`: records this process until a signal, a limit, `stopRecording()` or its end. */
import { accessSync, constants, readFileSync } from 'node:fs'
import path from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { isPrewarmError, messageOf } from '../formats/errors.ts'
import { identifyApp } from '../runtime/app.ts'
import { adoptPm2Environment, entryOfProcess } from '../runtime/pm2.ts'
import { loadConfigFile } from '../runtime/config-file.ts'
import { readConfig, type Config } from './config.ts'
import { holdEnd } from './held-end.ts'
import { holdSignals } from './held-signals.ts'
import { Recorder, type Written } from './recorder.ts'
import { sharedRecorderKey, type SharedRecorder } from './status.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

if (isMainThread) {
  adoptPm2Environment(process.env)
  try {
    const file = loadConfigFile(process.env, identifyApp(entryOfProcess()).root)
    record(readConfig(process.env, file))
  } catch (error) {
    complain(error)
  }
}

function record(config: Config): void {
  const recorder = new Recorder(config, ownVersion(), (count) => {
    // The answer that reaches the limit is still on its way out.
    if (count === config.stopAfterRequests) setImmediate(() => void finishQuietly())
  })
  const tell = (written: Written | undefined): string | undefined => {
    if (written !== undefined && !config.quiet) process.stderr.write(`${summaryOf(written)}\n`)
    for (const note of written?.notes ?? []) process.stderr.write(`prewarm: ${note}\n`)
    return written?.file
  }
  let ending: Promise<string | undefined> | undefined
  const finish = (): Promise<string | undefined> => (ending ??= recorder.finish().then(tell))
  /** Where there is nobody to throw to. Who has asked before hears of errors. */
  function finishQuietly(): Promise<unknown> {
    return ending === undefined ? finish().catch(complain) : ending.catch(() => undefined)
  }
  warnEarly(config.out)
  recorder.start()
  holdSignals(stopSignals, {
    onFirst: finishQuietly,
    onSecond() {
      recorder.hurry()
    },
    onLast() {
      recorder.release()
    },
  })
  holdEnd(() => (recorder.isWorker ? finishQuietly() : undefined))
  process.on('exit', () => {
    try {
      tell(recorder.stop())
    } catch (error) {
      complain(error)
    }
    recorder.release()
  })
  if (config.stopAfterMs !== undefined)
    setTimeout(() => void finishQuietly(), config.stopAfterMs).unref()
  const shared: SharedRecorder = {
    stop: finish,
    recordable: (name, fn, codec) => recorder.recordable(name, fn, codec),
  }
  Object.defineProperty(globalThis, sharedRecorderKey, { value: shared })
}

function summaryOf({ file, bytes, profile }: Written): string {
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
  const hint = isPrewarmError(error) && error.hint !== undefined ? `\n  ${error.hint}` : ''
  process.stderr.write(`prewarm: ${code}: ${messageOf(error)}${hint}\n`)
}

function ownVersion(): string {
  // dist/recorder/preload.js is two folders below package.json.
  const file = path.join(import.meta.dirname, '..', '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
