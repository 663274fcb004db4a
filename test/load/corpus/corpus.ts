import path from 'node:path'
import { json, writeFiles, type Files } from '../files.ts'
import { addons } from './addons.ts'
import { cache } from './cache.ts'
import { cycles } from './cycles.ts'
import { errors } from './errors.ts'
import { esm } from './esm.ts'
import { hooks } from './hooks.ts'
import { moduleObject } from './module-object.ts'
import { packages } from './packages.ts'
import { patches } from './patches.ts'
import { paths } from './paths.ts'
import { processes } from './processes.ts'
import { report } from './report.ts'
import { stacks } from './stacks.ts'
import { symlinks } from './symlinks.ts'
import { text } from './text.ts'
import type { Topic } from './topic.ts'

const topics: readonly Topic[] = [
  packages,
  symlinks,
  paths,
  cycles,
  moduleObject,
  cache,
  patches,
  text,
  esm,
  errors,
  stacks,
  addons,
  processes,
]

/** One way to start the application. */
export interface Variant {
  readonly name: string
  /** Below the folder of the application; empty: the folder itself. */
  readonly entry: string
  /** Flags of Node, before the replayer; `{root}` is the folder of the application. */
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly topics: readonly Topic[]
}

const nodePath = { NODE_PATH: `{root}${path.sep}node-path` }

export const variants: readonly Variant[] = [
  { name: 'a CommonJS entry', entry: '', flags: [], env: nodePath, topics },
  { name: 'an ES module for an entry', entry: 'server.mjs', flags: [], env: {}, topics },
  {
    name: 'links preserved, and a condition',
    entry: 'server.js',
    flags: ['--preserve-symlinks', '--conditions=staging'],
    env: {},
    topics: [packages, symlinks, paths, moduleObject],
  },
  {
    name: 'hooks that were there before',
    entry: 'server.js',
    flags: ['--require', '{root}/hooks/preload.cjs', '--import', '{root}/hooks/register.mjs'],
    env: {},
    topics: [packages, cycles, esm, errors, hooks],
  },
]

/** Writes the application with its packages into a folder. */
export function writeCorpus(root: string, { topics: wanted, entry }: Variant): void {
  for (const { files } of wanted) writeFiles(root, files)
  writeFiles(root, {
    ...report,
    'package.json': json({
      name: 'corpus',
      version: '1.0.0',
      main: './server',
      exports: { './self': './packages/self.cjs' },
      imports: { '#root': './packages/root.cjs' },
    }),
    ...entryOf(wanted, entry),
  })
}

function entryOf(topics: readonly Topic[], entry: string): Files {
  if (entry.endsWith('.mjs')) {
    const [first, ...rest] = topics.map((topic) => topic.load)
    // What waits at its top level takes turns with what stands beside it, in an order that depends on the disk.
    return {
      'server.mjs': `
import './report.cjs'
${(first ?? []).map((name) => `import './${name}'`).join('\n')}
import serve from './serve.cjs'
for (const name of ${JSON.stringify(rest.flat())}) {
  see('begin ' + name)
  await attempt('end ' + name, async () => (await import('./' + name)).default)
}
serve()
`,
    }
  }
  return {
    'server.js': `
require('./report.cjs')
async function main() {
  for (const name of ${JSON.stringify(topics.flatMap((topic) => topic.load))}) {
    see('begin ' + name)
    await attempt('end ' + name, () => name.endsWith('.mjs') ? import('./' + name) : require('./' + name))
  }
  require('./serve.cjs')()
}
main()
`,
  }
}
