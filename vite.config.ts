import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { bundle } from './scripts/build/replayer-bundle.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** The replayer: one function, of which V8 gives a code cache, unlike of a module. Its parameter is the {@link Host}. */
export default defineConfig(
  bundle('replayer/replayer.ts', 'replayer.cjs', { prewarmVersion: version }, (body) => {
    const unfit = /\bimport\.meta\b|[^\0-\x7f]/.exec(body)?.[0]
    // The preload reads it byte by byte.
    if (unfit !== undefined) throw new Error(`Not for a script of ASCII: ${unfit}`)
    return `(function (prewarmHost) { "use strict";\n${body}\n})\n`
  }),
)
