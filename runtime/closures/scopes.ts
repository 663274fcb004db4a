import type { Runtime, Session } from 'node:inspector'

/** Under which the function in question is put on `globalThis` for a moment. */
const key = 'prewarm.scopes'

interface Exchange {
  readonly fn: object
  values: readonly unknown[]
}

/**
 * Reads the variables that functions close over, which JavaScript itself cannot: through V8's inspector, connected inside the
 * process. No port is opened, and no domain of it is enabled, so that functions are neither instrumented nor deoptimised.
 */
export class Scopes {
  readonly #session: Session

  private constructor(session: Session) {
    this.#session = session
  }

  /** undefined where the inspector is not allowed, as under `--permission`, or not built in. */
  static open(): Scopes | undefined {
    try {
      const inspector = process.getBuiltinModule('node:inspector')
      const session = new inspector.Session()
      session.connect()
      return new Scopes(session)
    } catch {
      return undefined
    }
  }

  /**
   * The values of the variables in each scope around the function, innermost first, without those of the whole program.
   *
   * @param isKnown - the outermost of them was read already: a bundle has thousands of variables in it
   */
  around(fn: object, isKnown = false): (readonly unknown[])[] {
    const exchange: Exchange = { fn, values: [] }
    // An application may have frozen it.
    if (!Object.isExtensible(globalThis)) return []
    Object.defineProperty(globalThis, Symbol.for(key), { configurable: true, value: exchange })
    try {
      const { internalProperties = [] } = this.#properties(
        this.#evaluate(`globalThis[Symbol.for('${key}')].fn`),
      )
      const list = internalProperties.find(({ name }) => name === '[[Scopes]]')?.value?.objectId
      const scopes = this.#properties(list).result.flatMap(({ name, value }) => {
        const { objectId, description = '' } = value ?? {}
        const isOfProgram = description === 'Global' || description.startsWith('Script')
        if (objectId === undefined || isOfProgram || !Number.isInteger(Number(name))) return []
        return [objectId]
      })
      return (isKnown ? scopes.slice(0, -1) : scopes).map((id) => this.#valuesOf(id, exchange))
    } finally {
      Reflect.deleteProperty(globalThis, Symbol.for(key))
      this.#session.post('Runtime.releaseObjectGroup', { objectGroup: key })
    }
  }

  close(): void {
    this.#session.disconnect()
  }

  #valuesOf(objectId: string, exchange: Exchange): readonly unknown[] {
    exchange.values = []
    this.#session.post('Runtime.callFunctionOn', {
      objectId,
      // V8 puts each scope into an object that describes it.
      functionDeclaration: `function () {
        globalThis[Symbol.for('${key}')].values = Object.values(this.object ?? this)
      }`,
      silent: true,
    })
    return exchange.values
  }

  #evaluate(expression: string): string | undefined {
    let objectId: string | undefined
    this.#session.post(
      'Runtime.evaluate',
      { expression, objectGroup: key, silent: true },
      (error, answer) => {
        if (error === null) objectId = answer.result.objectId
      },
    )
    return objectId
  }

  /** Own properties; the session answers before `post` returns. */
  #properties(objectId: string | undefined): Runtime.GetPropertiesReturnType {
    let properties: Runtime.GetPropertiesReturnType = { result: [] }
    if (objectId === undefined) return properties
    this.#session.post(
      'Runtime.getProperties',
      { objectId, ownProperties: true },
      (error, answer) => {
        if (error === null) properties = answer
      },
    )
    return properties
  }
}
