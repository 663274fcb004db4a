/** The process that {@link compileEagerly} starts: sources on stdin, caches on stdout. None of them is evaluated. */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import v8 from 'node:v8'
import vm from 'node:vm'
import { compileCommonJs } from '../commonjs.ts'
import { allAtOnce } from './all-at-once.ts'
import type { EagerCaches, ModuleSource } from './eager-caches.ts'

/** The types of Node 20 leave out that it can be cached. */
const { SourceTextModule } = vm as unknown as {
  readonly SourceTextModule: new (
    source: string,
    options: vm.SourceTextModuleOptions,
  ) => { createCachedData(): Uint8Array }
}

const sources = v8.deserialize(readFileSync(0)) as readonly ModuleSource[]
const answer: EagerCaches = { tag: v8.cachedDataVersionTag(), caches: sources.map(compile) }
process.stdout.write(v8.serialize(answer))

function compile({ kind, file, source }: ModuleSource): Uint8Array | null {
  try {
    const compiled = allAtOnce(() =>
      kind === 'cjs'
        ? compileCommonJs(source, file)
        : new SourceTextModule(source, { identifier: pathToFileURL(file).href }),
    )
    return compiled.createCachedData() ?? null
  } catch {
    return null
  }
}
