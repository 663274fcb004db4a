import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { bundle } from './scripts/build/replayer-bundle.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const hash = createHash('sha256').update(readFileSync('dist/replayer.cjs')).digest('hex')

/** What loads the replayer, which has to be built before: a code cache is of one build of it. */
export default defineConfig(
  bundle(
    'replayer/preload.ts',
    'replay.mjs',
    { replayerBuild: `${version}-${hash.slice(0, 12)}` },
    (body) => body,
  ),
)
