import inspector from 'node:inspector'
import { fileURLToPath } from 'node:url'
import { moduleTextIn } from '../runtime/module-text.ts'

export interface ParsedScript {
  readonly id: number
  /** Absolute path, or the name that the script was given. */
  readonly file: string
  readonly isModule: boolean
  /** Text of the module as it reached V8, without the wrapper of CommonJS. */
  source(): string
  /** UTF-16 code units that stand before that text in the script. */
  shift(): number
}

/**
 * One look at everything V8 holds, at the end of a recording. Listing the scripts costs 0.1 to 0.2 s, and finding the functions
 * collects garbage; both are out of the question in production.
 */
export class Inspection {
  readonly #session = new inspector.Session()

  /** Throws where the inspector is not allowed, as under `--permission`. */
  constructor() {
    this.#session.connect()
  }

  /** Scripts by V8's id. Sources can be read until `close`. */
  scripts(): Map<number, ParsedScript> {
    const scripts = new Map<number, ParsedScript>()
    this.#session.on('Debugger.scriptParsed', ({ params }) => {
      const id = Number(params.scriptId)
      let text: string | undefined
      const wrapped = (): string => (text ??= this.#sourceOf(params.scriptId))
      scripts.set(id, {
        id,
        file: params.url.startsWith('file:') ? fileURLToPath(params.url) : params.url,
        isModule: params.isModule === true,
        source: () => {
          const { shift, length } = moduleTextIn(wrapped())
          return wrapped().slice(shift, shift + length)
        },
        shift: () => moduleTextIn(wrapped()).shift,
      })
    })
    this.#session.post('Debugger.enable')
    return scripts
  }

  /** Every live closure. */
  functions(): unknown[] {
    let found: unknown[] = []
    const key = Symbol.for('prewarm.functions')
    const target = globalThis as Record<symbol, unknown>
    Object.defineProperty(target, key, {
      configurable: true,
      value: (functions: unknown[]) => {
        found = functions
      },
    })
    this.#session.post(
      'Runtime.evaluate',
      { expression: 'Function.prototype', objectGroup: 'prewarm' },
      (_error, { result }) => {
        this.#session.post(
          'Runtime.queryObjects',
          { prototypeObjectId: result.objectId ?? '', objectGroup: 'prewarm' },
          (_failed, response) => {
            // Its type in @types/node is a bare object.
            const { objects } = response as { objects: inspector.Runtime.RemoteObject }
            this.#session.post('Runtime.callFunctionOn', {
              objectId: objects.objectId ?? '',
              functionDeclaration: `function () { globalThis[Symbol.for('prewarm.functions')](this) }`,
            })
          },
        )
      },
    )
    Reflect.deleteProperty(target, key)
    this.#session.post('Runtime.releaseObjectGroup', { objectGroup: 'prewarm' })
    return found
  }

  close(): void {
    this.#session.post('Debugger.disable')
    this.#session.disconnect()
  }

  #sourceOf(scriptId: string): string {
    let source = ''
    this.#session.post('Debugger.getScriptSource', { scriptId }, (error, result) => {
      if (error === null) source = result.scriptSource
    })
    return source
  }
}
