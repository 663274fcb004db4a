import type { Cluster } from 'node:cluster'
import v8 from 'node:v8'
import { encodeProfile } from '../formats/codec.ts'
import { PrewarmError, isPrewarmError, messageOf } from '../formats/errors.ts'
import type { Exemplar, Meta, Profile } from '../formats/profile.ts'
import { identifyApp } from '../runtime/app.ts'
import { entryOfProcess } from '../runtime/pm2.ts'
import type { ArgumentCodec } from '../runtime/argument-codec.ts'
import { requestListeners } from '../runtime/closures/roots.ts'
import { loader } from '../runtime/commonjs.ts'
import { observeListen } from '../runtime/http-servers.ts'
import { RehearsalContext } from '../runtime/rehearsal-context.ts'
import {
  completeEffectHooks,
  installEffectHooks,
  restEffectHooks,
} from '../runtime/effects/hooks.ts'
import { completeOutboundHooks } from '../runtime/effects/outbound.ts'
import { NameClaim } from './claim.ts'
import type { Config } from './config.ts'
import { EffectRecorder } from './effects.ts'
import { HotFunctions } from './functions.ts'
import { Inspection, type ParsedScript } from './inspection.ts'
import { writeLedger } from './ledger.ts'
import { ModuleRecorder } from './modules.ts'
import { InspectorProfiler } from './profilers/inspector.ts'
import type { CpuProfiler } from './profilers/profiler.ts'
import { AddonProfiler, loadAddon } from './profilers/v8-profiler-next.ts'
import { Redactor } from './redact.ts'
import { RequestRecorder } from './requests.ts'
import type { AnyFunction } from './status.ts'
import { TapeRecorder } from './tape-maker.ts'
import { Trial, type TrialResult } from './trial.ts'
import { Scanner } from './scanner.ts'
import { checkSecrets, type Checked } from './secret-check.ts'
import { secretsOf, type SecretValue } from './secret-values.ts'
import { SecretNames } from '../runtime/secrets.ts'
import { WorkRecorder } from './work.ts'
import { fillTemplate, withPid, writeWhole } from './writer.ts'

/** A profiler window this long keeps the memory of its samples bounded. */
const windowMs = 10_000

export interface Written {
  readonly file: string
  readonly bytes: number
  readonly profile: Profile
  /** What was left out of it, and other remarks on secrets. */
  readonly notes: readonly string[]
}

/** Observes this process from the moment it is started until `finish` or `stop`, once. */
export class Recorder {
  readonly #config: Config
  readonly #version: string
  readonly #app = identifyApp(entryOfProcess())
  /** Before the application can set it. */
  readonly #nodeEnv = process.env['NODE_ENV'] ?? ''
  readonly #redactor: Redactor
  /** Before the application can take any out of its environment. */
  readonly #earlySecrets: readonly SecretValue[]
  readonly #modules: ModuleRecorder
  readonly #effects: EffectRecorder
  readonly #requests: RequestRecorder
  readonly #work: WorkRecorder
  readonly #context = new RehearsalContext()
  readonly #trial: Trial
  #tried: ReadonlyMap<Exemplar, TrialResult> = new Map()
  readonly #functions = new HotFunctions()
  readonly #claim: NameClaim
  #profiler: CpuProfiler | undefined
  #rotation: NodeJS.Timeout | undefined
  #hasServer = false
  #listenMs: number | null = null
  #isObserving = true
  #hasWritten = false
  #keepsBytecode = false

  /** @param onRequest - called after each answer with the number of answers so far */
  constructor(config: Config, version: string, onRequest: (count: number) => void) {
    this.#config = config
    this.#version = version
    this.#claim = new NameClaim(config.out)
    this.#redactor = new Redactor(config.redact)
    this.#earlySecrets = environmentSecrets()
    this.#modules = new ModuleRecorder(this.#app.root)
    this.#effects = new EffectRecorder(new TapeRecorder(this.#redactor))
    this.#requests = new RequestRecorder(this.#redactor, this.#effects, onRequest)
    this.#work = new WorkRecorder(this.#redactor)
    const { trialMs: budgetMs, policy } = config
    this.#trial = new Trial(this.#context, this.#effects, { budgetMs, policy })
  }

  /** Call before any code of the application is compiled. */
  start(): void {
    this.#profiler = startProfiler(this.#config.samplingMicros)
    if (this.#profiler !== undefined) {
      this.#rotation = setInterval(() => {
        this.#sample((profiler) => {
          profiler.rotate(this.#functions)
        })
      }, windowMs)
      this.#rotation.unref()
    }
    this.#keepBytecode()
    this.#modules.start()
    this.#context.watchExit()
    installEffectHooks()
    this.#effects.start()
    completeOutboundHooks()
    this.#requests.start()
    this.#watchListen()
  }

  /** The function as it is recorded from now on; itself once the recording has ended. */
  recordable<F extends AnyFunction>(name: string, fn: F, codec: ArgumentCodec | undefined): F {
    return this.#work.recordable(name, fn, codec)
  }

  /** Whether this is a process with work and without requests: its work may be over before anybody ends the recording. */
  get isWorker(): boolean {
    return this.#work.count > 0 && this.#requests.count === 0
  }

  /**
   * Ends the recording, tries its requests and calls one at a time, and writes the profile; undefined when there is nothing to write, as
   * on a second call. Rejects with `ERR_PREWARM_REC_WRITE`, `ERR_PREWARM_REC_SECRET` or `ERR_PREWARM_REC_FAILED`.
   */
  async finish(): Promise<Written | undefined> {
    if (!this.#isObserving) return undefined
    this.#endObserving()
    const calls = this.#work.units()
    if (this.#config.trialMs > 0 && this.#requests.count + calls.length > 0) {
      await completeEffectHooks()
      this.#tried = await this.#trial.run(
        this.#requests.requests(),
        calls,
        (index) => this.#requests.serverAt(index),
        (exemplar) => this.#requests.live.get(exemplar)?.observation.effects() ?? [],
      )
    }
    return this.#write()
  }

  /** The same at once, for a process that is about to exit: what was not tried by then stays untried. Throws. */
  stop(): Written | undefined {
    this.#trial.abort()
    if (this.#isObserving) this.#endObserving()
    return this.#write()
  }

  /** Ends the trial; `finish()` then writes what there is. */
  hurry(): void {
    this.#trial.abort()
  }

  #endObserving(): void {
    this.#isObserving = false
    clearInterval(this.#rotation)
    this.#sample((profiler) => {
      profiler.stop(this.#functions)
    })
    this.#requests.stop()
    this.#work.stop()
  }

  #write(): Written | undefined {
    if (this.#hasWritten) return undefined
    this.#hasWritten = true
    restEffectHooks()
    try {
      if (this.#keepsBytecode) v8.setFlagsFromString('--flush-bytecode')
      if (!this.#isWorthWriting()) return undefined
      const { profile, notes } = this.#check(this.#collect())
      const bytes = encodeProfile(profile, this.#config.key)
      const file = this.#file()
      writeWhole(file, bytes)
      return { file, bytes: bytes.length, profile, notes }
    } catch (error) {
      if (isPrewarmError(error)) throw error
      throw new PrewarmError('ERR_PREWARM_REC_FAILED', `Recording failed: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  /** Call when the process is about to end: until then others of its tree may ask who has the file. */
  release(): void {
    this.#claim.release()
  }

  /**
   * Bytecode of functions that run rarely is otherwise thrown away before the code caches are taken. A service may have the
   * flag itself; then it must keep it, since the flag is part of what V8 accepts code caches by.
   */
  #keepBytecode(): void {
    const tag = v8.cachedDataVersionTag()
    v8.setFlagsFromString('--no-flush-bytecode')
    this.#keepsBytecode = v8.cachedDataVersionTag() !== tag
  }

  /** They are part of what V8 accepts code caches by. */
  #withUsualFlags(makeCaches: () => void): void {
    if (this.#keepsBytecode) v8.setFlagsFromString('--flush-bytecode')
    try {
      makeCaches()
    } finally {
      if (this.#keepsBytecode) v8.setFlagsFromString('--no-flush-bytecode')
    }
  }

  /** When the profiler fails, its windows so far are kept, and all else goes on. */
  #sample(collect: (profiler: CpuProfiler) => void): void {
    try {
      if (this.#profiler !== undefined) collect(this.#profiler)
    } catch {
      clearInterval(this.#rotation)
      this.#profiler = undefined
    }
  }

  /** Of a tree of processes, only those that serve or work are the service; a process that is alone is so in any case. */
  #isWorthWriting(): boolean {
    if (this.#requests.count > 0 || this.#work.count > 0) return true
    // A primary of a cluster only hands connections on.
    if (forksWorkers()) return false
    return this.#hasServer || (this.#claim.isRoot && this.#claim.take())
  }

  /** The application may have read a file of settings into its environment meanwhile. */
  #check(profile: Profile): Checked {
    const { secrets, allowSecrets } = this.#config
    const values = [...this.#earlySecrets, ...environmentSecrets(), ...secrets]
    return checkSecrets(profile, new Scanner(values), allowSecrets)
  }

  #collect(): Profile {
    const inspection = openInspection()
    try {
      const scripts = inspection?.scripts() ?? new Map<number, ParsedScript>()
      // First the caches: finding the functions collects garbage and needs a flag that caches must not see.
      const { modules, resolutions, codecache, byFile } = this.#modules.finish(scripts)
      const exported = Object.values(loader._cache).map((module): unknown => module?.exports)
      const roots = [...exported, ...requestListeners(this.#requests.servers())]
      const live = (): readonly unknown[] => inspection?.functions() ?? []
      const functions = this.#functions.finish(scripts, byFile, roots, live)
      const requests = this.#requests.requests()
      return {
        meta: this.#meta(),
        modules,
        resolutions,
        functions,
        requests,
        curve: this.#requests.curves(),
        ...writeLedger(requests, this.#requests.live, this.#tried),
        work: this.#work.work(),
        codecache,
      }
    } finally {
      inspection?.close()
    }
  }

  #meta(): Meta {
    return {
      appId: this.#app.id,
      createdAt: new Date().toISOString(),
      recorder: `prewarm@${this.#version}`,
      node: process.version,
      v8: process.versions.v8,
      arch: process.arch,
      platform: process.platform,
      codeCacheTag: v8.cachedDataVersionTag(),
      execArgv: process.execArgv.filter(
        (flag) => flag.startsWith('-') && !flag.startsWith('--import'),
      ),
      nodeEnv: this.#nodeEnv,
      durationMs: performance.now(),
      listenMs: this.#listenMs,
      requestCount: this.#requests.count,
      profiler: this.#profiler?.name ?? 'none',
      samplingMicros: this.#config.samplingMicros,
      redactedHeaders: [...this.#redactor.headers],
      redactedKeys: [...this.#redactor.keys],
    }
  }

  #file(): string {
    const file = fillTemplate(this.#config.out, this.#app.id)
    return this.#claim.take() ? file : withPid(file)
  }

  #watchListen(): void {
    observeListen((server) => {
      this.#hasServer = true
      this.#claim.take()
      this.#withUsualFlags(() => {
        this.#modules.markListen()
      })
      this.#requests.watch(server)
      server.once('listening', () => {
        this.#listenMs ??= performance.now()
      })
    })
  }
}

function environmentSecrets(): SecretValue[] {
  return secretsOf(process.env, new SecretNames([]))
}

function startProfiler(samplingMicros: number): CpuProfiler | undefined {
  try {
    const addon = loadAddon()
    const profiler =
      addon === undefined
        ? new InspectorProfiler(samplingMicros)
        : new AddonProfiler(addon, samplingMicros)
    profiler.start()
    return profiler
  } catch {
    // Without the inspector (--permission, a build without it) everything else is still worth recording.
    return undefined
  }
}

/** Undefined under `--permission`: then there are no ES modules, sources and tiers, and all else is still written. */
function openInspection(): Inspection | undefined {
  try {
    return new Inspection()
  } catch {
    return undefined
  }
}

function forksWorkers(): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] }
  if (!moduleLoadList.includes('NativeModule cluster')) return false
  const cluster = process.getBuiltinModule('node:cluster') as unknown as Cluster
  return cluster.isPrimary && Object.keys(cluster.settings).length > 0
}
