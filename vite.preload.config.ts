import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { buildOf } from './runtime/replayer-cache.ts'
import { bundle } from './scripts/build/replayer-bundle.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const build = buildOf(version, readFileSync('dist/replayer.cjs'))

/** What loads the replayer, which has to be built before: a code cache is of one build of it. */
export default defineConfig(
  bundle('replayer/preload.ts', 'replay.mjs', { replayerBuild: build }, (body) => body),
)
