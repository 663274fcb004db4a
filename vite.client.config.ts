import { defineConfig } from 'vite'

/** Builds the dashboard's page; everything that it needs is in the folder, so that it works offline. */
export default defineConfig({
  root: 'dashboard/client',
  base: './',
  build: {
    outDir: '../../dist/dashboard/client',
    emptyOutDir: true,
    target: 'es2022',
    // As a data: URL it would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
