import { types } from 'node:util'
import type { Effect } from '../formats/effects.ts'
import { messageOf } from '../formats/errors.ts'
import { sha256 } from '../formats/hash.ts'
import { mostKept } from '../formats/most-kept.ts'
import { limits } from '../formats/limits.ts'
import type { Distribution, WorkRecord, WorkSample } from '../formats/profile.ts'
import type { ArgumentCodec } from '../runtime/argument-codec.ts'
import { decodeArguments, encodeArguments } from '../runtime/call-arguments.ts'
import { RouteLatency } from './latency.ts'
import type { Redactor } from './redact.ts'
import type { AnyFunction } from './status.ts'

const maxNames = 300
/** Of one name so many calls are looked at for something new. */
const searchesPerName = 256

type Outcome = WorkSample['outcome']
type Call = (this: unknown, ...args: readonly unknown[]) => unknown

/** One recorded call, for a trial to run alone. */
export interface WorkUnit {
  readonly name: string
  /** How the recorded call ended. */
  readonly outcome: Outcome
  /** How long the first calls took. */
  readonly cold: Distribution
  /** Calls the function as a rehearsal will, with arguments of its own. Never rejects. */
  run(): Promise<Outcome>
  /**
   * What the trial saw. Until it is told, the effects of the call are unknown.
   *
   * @param outcome - failed: something that the call had started threw, and nobody caught it
   */
  conclude(outcome: Outcome | 'timed-out' | 'failed', effects: readonly Effect[]): void
  /** The call was not tried alone, and why; what it did all the same. */
  leave(note: string, effects: readonly Effect[]): void
}

interface Work {
  readonly name: string
  /** As last given: an application may make one for each of its consumers. */
  fn: Call
  codec: ArgumentCodec | undefined
  readonly latency: RouteLatency
  readonly samples: WorkSample[]
  /** Hashes of the arguments as they came, since these may be long and hold secrets. */
  readonly asked: Set<string>
  /** Hashes of the arguments without their secrets. */
  readonly kept: Set<string>
  searches: number
  unreplayable: number
  obstacle: string
}

/** Counts and times the calls of work that is not HTTP, and keeps the first distinct ones, without their secrets. */
export class WorkRecorder {
  readonly #redactor: Redactor
  readonly #works = new Map<string, Work>()
  #charactersLeft: number
  #isRecording = true
  #count = 0

  constructor(redactor: Redactor, characters = mostKept.argumentCharacters) {
    this.#redactor = redactor
    this.#charactersLeft = characters
  }

  /** Calls so far. */
  get count(): number {
    return this.#count
  }

  stop(): void {
    this.#isRecording = false
  }

  /** A proxy: it has the name, length, properties and `new` of the function without our doing. */
  recordable<F extends AnyFunction>(name: string, fn: F, codec: ArgumentCodec | undefined): F {
    const work = this.#isRecording ? this.#workFor(name, fn as unknown as Call) : undefined
    if (work === undefined) return fn
    work.fn = fn as unknown as Call
    work.codec = codec
    return new Proxy(fn, {
      apply: (target, receiver: unknown, args: unknown[]) =>
        this.#isRecording
          ? this.#call(work, target as unknown as Call, receiver, args)
          : (Reflect.apply(target, receiver, args) as unknown),
    })
  }

  /** The section of the profile, most frequent first. */
  work(): WorkRecord[] {
    return [...this.#works.values()]
      .filter(({ latency, unreplayable }) => latency.count + unreplayable > 0)
      .sort((a, b) => b.latency.count - a.latency.count)
      .map(({ name, latency, samples, unreplayable, obstacle }) => ({
        name,
        count: latency.count,
        cold: latency.cold(),
        steady: latency.steady(),
        samples,
        unreplayable,
        obstacle,
      }))
  }

  units(): WorkUnit[] {
    return [...this.#works.values()].flatMap((work) =>
      work.samples.map((sample, index) => unitOf(work, sample.outcome, index)),
    )
  }

  #workFor(name: string, fn: Call): Work | undefined {
    const known = this.#works.get(name)
    if (known !== undefined || this.#works.size >= maxNames) return known
    const work: Work = {
      name,
      fn,
      codec: undefined,
      latency: new RouteLatency(),
      samples: [],
      asked: new Set(),
      kept: new Set(),
      searches: 0,
      unreplayable: 0,
      obstacle: '',
    }
    this.#works.set(name, work)
    return work
  }

  #call(work: Work, fn: Call, receiver: unknown, args: readonly unknown[]): unknown {
    this.#count++
    // Before the call, which may change them.
    const text = this.#guard(() => this.#take(work, args))
    const start = performance.now()
    const end = (outcome: Outcome): void => {
      const ms = performance.now() - start
      if (!this.#isRecording) return
      this.#guard(() => {
        this.#keep(work, text, outcome, ms)
      })
    }
    let result: unknown
    try {
      result = Reflect.apply(fn, receiver, args)
    } catch (error) {
      end('threw')
      throw error
    }
    if (!isPlainPromise(result)) {
      end('returned')
      return result
    }
    // Not beside it: with a handler of ours, Node would no longer tell of a rejection that nobody handles.
    return then.call(
      result,
      (value: unknown) => {
        end('returned')
        return value
      },
      (error: unknown) => {
        end('threw')
        throw error
      },
    )
  }

  /** The arguments of a call that may be kept, as they will be in the profile. */
  #take(work: Work, args: readonly unknown[]): string | undefined {
    if (work.searches >= searchesPerName || work.samples.length >= mostKept.samplesPerWork)
      return undefined
    work.searches++
    const encoded = encodeArguments(args, work.codec)
    if ('obstacle' in encoded) {
      work.unreplayable++
      work.obstacle ||= encoded.obstacle
      return undefined
    }
    const text = JSON.stringify(encoded.value)
    if (!add(work.asked, sha256(text))) return undefined
    const redacted = JSON.stringify(this.#redactor.redactJson(encoded.value))
    if (redacted.length > limits.stringLength || redacted.length > this.#charactersLeft) {
      work.unreplayable++
      work.obstacle ||= 'no room was left'
      return undefined
    }
    if (!add(work.kept, sha256(redacted))) return undefined
    this.#charactersLeft -= redacted.length
    return redacted
  }

  #keep(work: Work, text: string | undefined, outcome: Outcome, ms: number): void {
    work.latency.add(ms)
    if (text === undefined || work.samples.length >= mostKept.samplesPerWork) return
    work.samples.push({ arguments: text, outcome, tried: 'untried', effects: [], note: '' })
  }

  /** After an error of ours nothing more is observed, and the application goes on. */
  #guard<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      this.#isRecording = false
      process.emitWarning(`Work is no longer recorded: ${messageOf(error)}`, {
        type: 'PrewarmWarning',
        code: 'ERR_PREWARM_REC_FAILED',
      })
      return undefined
    }
  }
}

function unitOf(work: Work, recorded: Outcome, index: number): WorkUnit {
  const change = (part: Partial<WorkSample>): void => {
    const sample = work.samples[index]
    if (sample !== undefined) work.samples[index] = { ...sample, ...part }
  }
  return {
    name: work.name,
    outcome: recorded,
    cold: work.latency.cold(),
    async run() {
      try {
        const args = decodeArguments(work.samples[index]?.arguments ?? '[]', work.codec)
        await Reflect.apply(work.fn, undefined, args)
        return 'returned'
      } catch {
        return 'threw'
      }
    },
    conclude(outcome, effects) {
      const ended = outcome === recorded ? 'passed' : 'outcome-changed'
      const tried = outcome === 'timed-out' ? outcome : ended
      change({ tried, effects, note: '' })
    },
    leave(note, effects) {
      change({ tried: 'untried', effects, note })
    },
  }
}

const { then } = Promise.prototype

/**
 * One with properties, or of a class of its own, is more to its caller than its value, and is left as it is. Those with
 * symbols for names do not count: up to Node 22, async hooks leave some on every promise.
 */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    types.isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    Object.getOwnPropertyNames(value).length === 0
  )
}

/** Whether it was not there yet. */
function add(keys: Set<string>, key: string): boolean {
  const isNew = !keys.has(key)
  keys.add(key)
  return isNew
}
