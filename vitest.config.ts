import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      '{formats,runtime,recorder,replayer,dashboard,cli}/**/*.test.ts',
      'test/**/*.e2e.test.ts',
    ],
    globalSetup: ['test/node-lines.setup.ts'],
    // No such folder: the guard takes no start for the one after another, unless a test wants that.
    env: { PREWARM_STATE_DIR: '/nowhere' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The end-to-end files start servers and drive them; two cores are soon crowded.
    maxWorkers: 2,
    // Shared machines of CI stand still for seconds now and then; a second failure is one.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
})
