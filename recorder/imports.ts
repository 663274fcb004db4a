import { fileURLToPath } from 'node:url'
import { hookModules, type ResolveContext } from '../runtime/module-hooks.ts'
import type { Resolutions } from './resolutions.ts'

/** JSON and WebAssembly that ES modules import; V8 has no script of them. */
export interface ImportedFile {
  readonly file: string
  readonly format: 'json' | 'wasm'
  readonly isLate: boolean
  readonly source: Uint8Array | string
}

/** What Node's loader tells of ES modules, on the lines that have hooks for it. Nothing is changed by them. */
export class Imports {
  /** The file that asked first, by the file that it asked for. */
  readonly #requesters = new Map<string, string>()
  readonly files = new Map<string, ImportedFile>()
  readonly #resolutions: Resolutions
  #stop: (() => void) | undefined

  constructor(resolutions: Resolutions) {
    this.#resolutions = resolutions
  }

  /** @param isLate - whether the service listens by now */
  start(isLate: () => boolean): void {
    this.#stop = hookModules({
      resolve: (specifier, context, next) => {
        const resolved = next(specifier, context)
        this.#note(resolved.url, context, specifier)
        return resolved
      },
      load: (url, context, next) => {
        const loaded = next(url, context)
        const { format, source } = loaded
        const file = fileOf(url)
        // What require() asks for is recorded where it is loaded.
        const isImported = context.importAttributes?.['type'] === 'json' || format === 'wasm'
        if (isImported && file !== undefined && !this.files.has(file)) {
          if (format === 'json' || format === 'wasm') {
            const bytes = source instanceof Uint8Array ? source : String(source)
            this.files.set(file, { file, format, isLate: isLate(), source: bytes })
          }
        }
        return loaded
      },
    })
  }

  stop(): void {
    this.#stop?.()
  }

  requesterOf(file: string): string | undefined {
    return this.#requesters.get(file)
  }

  #note(url: string, { parentURL, conditions }: ResolveContext, specifier: string): void {
    const [file, parent] = [fileOf(url), parentURL === undefined ? undefined : fileOf(parentURL)]
    if (file === undefined || parent === undefined) return
    if (!this.#requesters.has(file)) this.#requesters.set(file, parent)
    if (conditions?.includes('import') === true) {
      this.#resolutions.note('import', parent, specifier, file)
    }
  }
}

function fileOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url) : undefined
}
