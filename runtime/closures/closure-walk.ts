import { types } from 'node:util'
import type { FunctionLocation, Natives } from '../natives.ts'
import { ScopeEntries, type Entry } from './scope-entries.ts'
import { Scopes } from './scopes.ts'

/** Longer lists and bigger objects hold data. */
const maxProperties = 2000
/** Steps from a function of interest, or a variable beside one: what is further away is data. */
const maxSteps = 6
const objectsAtATime = 32
/** Those of the language: the application may have put others over them, and nothing of it is to run. */
const { forEach: forEachOfMap } = Map.prototype
const { forEach: forEachOfSet } = Set.prototype
const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')?.get

export interface Visitor {
  /** Called with every closure once; true: what the module around it keeps to itself is of interest, too. */
  visit(fn: object, location: FunctionLocation): boolean
  /** Where about in the script what is looked for is, code units; undefined: everywhere. */
  placesIn?(scriptId: number): readonly number[]
}

interface Found {
  readonly value: object
  steps: number
}

/**
 * Finds closures without collecting garbage: from what modules export and servers listen with, along properties, prototypes, maps,
 * sets, and the variables of the modules themselves. Runs no code of the application: no getter, no proxy.
 */
export class ClosureWalk {
  readonly #natives: Natives
  readonly #scopes = Scopes.open()
  readonly #visitor: Visitor
  readonly #seen = new Set<object>()
  readonly #entries: ScopeEntries
  readonly #steps: Generator<undefined, void>
  #level: Found[] = []

  /** @param roots - where to begin */
  constructor(natives: Natives, roots: readonly unknown[], visitor: Visitor) {
    this.#natives = natives
    this.#visitor = visitor
    this.#entries = new ScopeEntries(natives, visitor)
    this.#steps = this.#walk()
    for (const root of roots) this.#add(root, 0)
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
    while (this.#level.length > 0) {
      const level = this.#level
      this.#level = []
      for (const [index, found] of level.entries()) {
        if (index % objectsAtATime === 0) yield
        this.#look(found)
      }
      // What modules keep to themselves goes first: data can be deep.
      for (const entry of this.#entries.next()) {
        yield
        this.#enter(entry)
      }
      for (const [index, { value, steps }] of level.entries()) {
        if (index % objectsAtATime === 0) yield
        if (steps < maxSteps) for (const inner of valuesIn(value)) this.#add(inner, steps + 1)
      }
    }
  }

  #add(value: unknown, steps: number): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
    if (types.isProxy(value) || ArrayBuffer.isView(value) || this.#seen.has(value)) return
    this.#seen.add(value)
    this.#level.push({ value, steps })
  }

  #look(found: Found): void {
    const { value } = found
    const location = this.#natives.locate(value)
    if (location === undefined || !this.#visitor.visit(value, location)) return
    found.steps = 0
    this.#entries.add(value, location)
  }

  #enter(entry: Entry): void {
    const scopes = this.#scopes?.around(entry.fn, !entry.isFirst) ?? []
    this.#entries.entered(entry, scopes)
    for (const scope of scopes) for (const value of scope) this.#add(value, 0)
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
