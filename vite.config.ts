import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** Bundles the replayer to one file that imports nothing but `node:` built-ins. */
export default defineConfig({
  define: { prewarmVersion: JSON.stringify(version) },
  build: {
    ssr: 'replayer/preload.ts',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'replay.mjs', format: 'es' } },
  },
  ssr: { noExternal: true },
})
