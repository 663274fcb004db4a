import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { loader, type CommonJsModule } from '../../runtime/commonjs.ts'
import { hookModules } from '../../runtime/module-hooks.ts'
import type { TracedFormat } from './raw-trace.ts'
import type { SpanLog } from './span-log.ts'
import type { TracedFiles } from './traced-files.ts'
import { onFirstRead, wrapAlways } from './wrapping.ts'

const formats = [
  ['.js', 'cjs'],
  ['.json', 'json'],
  ['.node', 'addon'],
] as const satisfies readonly (readonly [string, TracedFormat])[]

const builtins = new Set(builtinModules)

/**
 * Opens a span around each step of Node's loaders, on top of whatever has replaced that step. Ends with the returned function.
 */
export function traceLoaders(log: SpanLog, files: TracedFiles): () => void {
  /** Spans of `Module._load`, innermost last. */
  const loads: { readonly span: number; readonly startMs: number }[] = []
  /** Node asks itself only once where a request of a folder leads to. */
  const known = new Map<string, number>()
  const keyOf = (request: string, parent: CommonJsModule | null | undefined): string =>
    `${parent?.path ?? ''}\0${request}`

  const undo = [
    wrapAlways(
      loader,
      '_load',
      (load) =>
        function (this: unknown, request, parent, isMain) {
          if (isBuiltin(request)) {
            const span = log.enter('builtin')
            try {
              return load.call(this, request, parent, isMain)
            } finally {
              log.leave(span)
            }
          }
          const span = log.enter('resolve')
          loads.push({ span, startMs: performance.now() })
          try {
            return load.call(this, request, parent, isMain)
          } finally {
            loads.pop()
            const own = log.fileOf(span)
            const file = own === -1 ? known.get(keyOf(request, parent)) : own
            if (file !== undefined) {
              log.nameFile(span, file)
              files.request(parent?.filename ?? null, file)
            }
            log.leave(span)
          }
        },
    ),
    wrapAlways(
      loader,
      '_resolveFilename',
      (resolve) =>
        function (this: unknown, request, parent, isMain, options) {
          const span = log.enter('resolve')
          try {
            const found = resolve.call(this, request, parent, isMain, options)
            if (typeof found === 'string' && !isBuiltin(found)) {
              const file = files.indexOf(found)
              log.nameFile(span, file)
              known.set(keyOf(request, parent), file)
              const load = loads.at(-1)
              if (load !== undefined && log.fileOf(load.span) === -1) log.nameFile(load.span, file)
            }
            return found
          } finally {
            log.leave(span)
          }
        },
    ),
    wrapAlways(
      loader.prototype,
      '_compile',
      (compile) =>
        function (this: CommonJsModule, content, filename, format) {
          const file = files.indexOf(filename)
          if (format?.startsWith('module') === true) {
            const span = log.enter('modules', file)
            try {
              return compile.call(this, content, filename, format)
            } finally {
              log.leave(span)
            }
          }
          const compiling = log.enter('compile', file)
          let isCompiling = true
          // Node reads it once between compilation and the first line of the module.
          onFirstRead(this, 'exports', () => {
            if (!isCompiling) return
            isCompiling = false
            log.leave(compiling)
            evaluating = log.enter('evaluate', file)
          })
          let evaluating = compiling
          try {
            return compile.call(this, content, filename, format)
          } finally {
            isCompiling = false
            log.leave(evaluating)
          }
        },
    ),
    ...formats.map(([extension, format]) =>
      wrapAlways(
        loader._extensions,
        extension,
        (load) => (module: CommonJsModule, filename: string) => {
          const file = files.indexOf(filename)
          const outer = loads.at(-1)
          const isLoaded = outer !== undefined && log.fileOf(outer.span) === file
          files.begin(file, format, isLoaded ? outer.startMs : performance.now())
          const span = log.enter(format === 'cjs' ? 'resolve' : 'evaluate', file)
          try {
            load.call(loader._extensions, module, filename)
          } finally {
            log.leave(span)
            files.end(file)
          }
        },
      ),
    ),
    hookModules({
      resolve(specifier, context, next) {
        const span = log.enter(isBuiltin(specifier) ? 'builtin' : 'resolve')
        try {
          const resolved = next(specifier, context)
          const found = fileOf(resolved.url)
          if (found !== undefined) {
            const file = files.indexOf(found)
            log.nameFile(span, file)
            files.request(fileOf(context.parentURL) ?? null, file)
          }
          return resolved
        } finally {
          log.leave(span)
        }
      },
      load(url, context, next) {
        const found = fileOf(url)
        if (found === undefined) return next(url, context)
        const file = files.indexOf(found)
        const startMs = performance.now()
        const span = log.enter('read', file)
        try {
          const loaded = next(url, context)
          const format = importedFormat(loaded.format)
          if (format !== undefined) files.begin(file, format, startMs)
          return loaded
        } finally {
          log.leave(span)
        }
      },
    }),
  ]
  return () => {
    for (const each of undo) each()
  }
}

function isBuiltin(request: string): boolean {
  return request.startsWith('node:') || builtins.has(request)
}

/** CommonJS has spans of its own. */
function importedFormat(format: string | null | undefined): TracedFormat | undefined {
  if (format === 'module' || format === 'module-typescript') return 'esm'
  return format === 'wasm' || format === 'json' ? format : undefined
}

function fileOf(url: string | undefined): string | undefined {
  return url?.startsWith('file:') === true ? fileURLToPath(url) : undefined
}
