import type { Runtime, Session } from 'node:inspector'

/** Under which the functions in question are put on `globalThis` for a moment. */
const key = 'prewarm.scopes'

/** One scope around a function. */
export interface Scope {
  /** Values of its variables that V8 has kept. */
  values(): readonly unknown[]
}

interface Exchange {
  readonly functions: readonly object[]
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
   * The scopes around each of the functions, innermost first, without those of the whole program. `read` is called with them at
   * once, since they are there only meanwhile, and says whether to go on.
   */
  around(functions: readonly object[], read: (scopes: readonly Scope[]) => boolean): void {
    const exchange: Exchange = { functions, values: [] }
    Object.defineProperty(globalThis, Symbol.for(key), { configurable: true, value: exchange })
    try {
      const list = this.#evaluate(`globalThis[Symbol.for('${key}')].functions`)
      for (const { name, value } of this.#properties(list).result) {
        if (value?.objectId === undefined || !Number.isInteger(Number(name))) continue
        if (!read(this.#scopesOf(value.objectId, exchange))) return
      }
    } finally {
      Reflect.deleteProperty(globalThis, Symbol.for(key))
      this.#session.post('Runtime.releaseObjectGroup', { objectGroup: key })
    }
  }

  close(): void {
    this.#session.disconnect()
  }

  #scopesOf(functionId: string, exchange: Exchange): readonly Scope[] {
    const { internalProperties = [] } = this.#properties(functionId)
    const list = internalProperties.find(({ name }) => name === '[[Scopes]]')?.value?.objectId
    return this.#properties(list).result.flatMap(({ name, value }): Scope[] => {
      const { objectId, description = '' } = value ?? {}
      const isOfProgram = description === 'Global' || description.startsWith('Script')
      if (objectId === undefined || isOfProgram || !Number.isInteger(Number(name))) return []
      return [{ values: () => this.#valuesOf(objectId, exchange) }]
    })
  }

  #valuesOf(objectId: string, exchange: Exchange): readonly unknown[] {
    exchange.values = []
    this.#session.post('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: `function () { globalThis[Symbol.for('${key}')].values = Object.values(this) }`,
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
