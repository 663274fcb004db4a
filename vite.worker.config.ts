import { defineConfig } from 'vite'

/** Bundles the thread that writes load packs, which is beside the replayer wherever that is copied to. */
export default defineConfig({
  build: {
    ssr: 'replayer/load/pack-worker.ts',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'pack-worker.mjs', format: 'es' } },
  },
  ssr: { noExternal: true },
})
