import { types } from 'node:util'
import type { FunctionLocation, Natives } from '../natives.ts'
import { Scopes } from './scopes.ts'

/** Longer lists and bigger objects hold data. */
const maxProperties = 2000
const maxDepth = 8
const objectsAtATime = 32
/** Those of the language: the application may have put others over them, and nothing of it is to run. */
const { forEach: forEachOfMap } = Map.prototype
const { forEach: forEachOfSet } = Set.prototype
const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')?.get

/** Called with every closure once; true: what the module around it keeps to itself is of interest, too. */
export type Visit = (fn: object, location: FunctionLocation) => boolean

/**
 * Finds closures without collecting garbage: from what modules export and servers listen with, along properties, prototypes, maps,
 * sets, and the variables of the modules themselves. Runs no code of the application: no getter, no proxy.
 */
export class ClosureWalk {
  readonly #natives: Natives
  readonly #scopes = Scopes.open()
  readonly #visit: Visit
  readonly #seen = new Set<object>()
  /** Scripts of which one function was enough to read the scopes around it. */
  readonly #entered = new Set<number>()
  readonly #entries: object[] = []
  readonly #steps: Generator<undefined, void>
  #level: object[] = []

  /** @param roots - where to begin */
  constructor(natives: Natives, roots: readonly unknown[], visit: Visit) {
    this.#natives = natives
    this.#visit = visit
    this.#steps = this.#walk()
    for (const root of roots) this.#add(root)
  }

  /** Goes on until nothing is left to look at, or `isOver`. True: there is nothing more to be done. */
  run(isOver: () => boolean): boolean {
    while (!isOver()) if (this.#steps.next().done === true) return true
    return false
  }

  close(): void {
    this.#scopes?.close()
  }

  /** Stops every few objects. */
  *#walk(): Generator<undefined, void> {
    for (let depth = 0; depth < maxDepth; depth++) {
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
    if (location === undefined || !this.#visit(value, location)) return
    if (this.#entered.has(location.scriptId)) return
    this.#entered.add(location.scriptId)
    this.#entries.push(value)
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
    if (Number(sizeOfMap?.call(value)) > maxProperties) return found
    forEachOfMap.call(value, (inner: unknown, key: unknown) => found.push(inner, key))
  } else if (types.isSet(value)) {
    if (Number(sizeOfSet?.call(value)) > maxProperties) return found
    forEachOfSet.call(value, (inner: unknown) => found.push(inner))
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
