import { types } from 'node:util'
import type { FunctionLocation, Natives } from '../../runtime/natives.ts'
import type { Scopes } from './scopes.ts'
import type { Wanted, WantedFunction } from './wanted.ts'

/** Longer lists and bigger objects hold data. */
const maxProperties = 2000
const maxDepth = 8
const objectsAtATime = 32

interface Script {
  /** Those of its functions that are still to be found. */
  readonly missing: Set<WantedFunction>
  /** The scopes around the first of its functions that was come by were read, or are going to be. */
  isEntered: boolean
}

/**
 * Finds the closures of wanted functions: from what modules export and servers listen with, along properties, prototypes, maps, sets,
 * and the variables of the modules themselves. Runs no code of the application: no getter, no proxy.
 */
export class ClosureSearch {
  readonly #natives: Natives
  readonly #scopes: Scopes | undefined
  readonly #wanted: Wanted
  readonly #found: (wanted: WantedFunction, fn: object) => void
  readonly #missing: Set<WantedFunction>
  readonly #scripts = new Map<number, Script>()
  readonly #seen = new Set<object>()
  #level: object[] = []
  /** One function of each script that is to be entered. */
  readonly #entries: object[] = []
  readonly #walk = this.#steps()

  /**
   * @param roots - where to begin
   * @param found - called with every closure of a wanted function
   */
  constructor(
    natives: Natives,
    scopes: Scopes | undefined,
    wanted: Wanted,
    roots: readonly unknown[],
    found: (wanted: WantedFunction, fn: object) => void,
  ) {
    this.#natives = natives
    this.#scopes = scopes
    this.#wanted = wanted
    this.#found = found
    this.#missing = new Set(wanted.functions)
    for (const root of roots) this.#add(root)
  }

  /** Goes on until all are found, nothing is left to look at, or `isOver`. True: there is nothing more to be done. */
  run(isOver: () => boolean): boolean {
    while (!isOver()) if (this.#walk.next().done === true) return true
    return false
  }

  /** Stops every few objects. */
  *#steps(): Generator<undefined, void> {
    for (let depth = 0; depth < maxDepth && this.#missing.size > 0; depth++) {
      const level = this.#level
      this.#level = []
      for (const [index, value] of level.entries()) {
        if (index % objectsAtATime === 0) yield
        this.#look(value)
      }
      // What modules keep to themselves goes first: data can be deep.
      for (const entry of this.#entries.splice(0)) {
        yield
        this.#enter(entry)
      }
      for (const [index, value] of level.entries()) {
        if (index % objectsAtATime === 0) yield
        for (const inner of valuesIn(value)) this.#add(inner)
      }
    }
  }

  #add(value: unknown): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
    if (types.isProxy(value) || ArrayBuffer.isView(value) || this.#seen.has(value)) return
    this.#seen.add(value)
    this.#level.push(value)
  }

  #look(value: object): void {
    const location = this.#natives.locate(value)
    if (location === undefined) return
    const script = this.#scriptOf(value, location)
    const wanted = script.missing.size === 0 ? undefined : this.#wanted.match(location)
    if (wanted !== undefined) {
      this.#found(wanted, value)
      script.missing.delete(wanted)
      this.#missing.delete(wanted)
    }
    if (script.missing.size === 0 || script.isEntered) return
    script.isEntered = true
    this.#entries.push(value)
  }

  #scriptOf(fn: object, { scriptId }: FunctionLocation): Script {
    let script = this.#scripts.get(scriptId)
    if (script === undefined) {
      const { length } = this.#natives.scriptOf(fn) ?? ''
      const missing = this.#wanted.functions.filter((wanted) => this.#wanted.isOf(wanted, length))
      script = { missing: new Set(missing), isEntered: false }
      this.#scripts.set(scriptId, script)
    }
    return script
  }

  /** The scopes of all other functions would cost ten times as much for a tenth of the finds. */
  #enter(fn: object): void {
    for (const scope of this.#scopes?.around(fn) ?? []) {
      for (const value of scope) this.#add(value)
    }
  }
}

/** What hangs on an object, without running any of its code. */
function valuesIn(value: object): unknown[] {
  const found: unknown[] = [Object.getPrototypeOf(value)]
  if (types.isMap(value)) {
    Map.prototype.forEach.call(value, (inner: unknown, key: unknown) => found.push(inner, key))
  } else if (types.isSet(value)) {
    Set.prototype.forEach.call(value, (inner: unknown) => found.push(inner))
  }
  if (Array.isArray(value) && value.length > maxProperties) return found
  const keys = Reflect.ownKeys(value)
  if (keys.length > maxProperties) return found
  for (const key of keys) {
    let property: PropertyDescriptor | undefined
    try {
      property = Reflect.getOwnPropertyDescriptor(value, key)
    } catch {
      // A binding of an ES module that is not initialised yet.
    }
    if (property !== undefined) found.push(property.value, property.get, property.set)
  }
  return found
}
