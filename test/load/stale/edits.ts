import {
  cpSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { json } from '../files.ts'
import { kinds, type Kind } from './units.ts'

/** One of the sources, and the folder of the unit. */
export interface Target {
  readonly unit: string
  readonly source: string
}

/** Changes the files of a unit while nothing runs. */
export interface Edit {
  readonly name: string
  readonly apply: (target: Target) => void
  /** Absent: of any kind that has such a source. */
  readonly kind?: string
}

const other = (text: string): string => text.replaceAll('version-1', 'version-2')
const added = `exports.text = 'added'\nexports.file = __filename\n`

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

/** Runs an action after which the times of the file are those of before. */
function withTimes(file: string, action: () => void): void {
  const { atime, mtime } = statSync(file)
  action()
  utimesSync(file, atime, mtime)
}

function add(file: string, text = added): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function replaceLink(file: string, target: string): void {
  unlinkSync(file)
  symlinkSync(target, file)
}

function swap(one: string, two: string): void {
  renameSync(one, `${one}.swap`)
  renameSync(two, one)
  renameSync(`${one}.swap`, two)
}

/** A manifest with other members; those that become undefined are left out. */
function editManifest(file: string, change: (manifest: Record<string, unknown>) => object): void {
  rewrite(file, (text) => json(change(JSON.parse(text) as Record<string, unknown>)))
}

/** Of any source. */
const onSource: readonly Edit[] = [
  {
    name: 'other bytes',
    apply: onFile((file) => {
      rewrite(file, other)
    }),
  },
  {
    name: 'other bytes, same times',
    apply: onFile((file) => {
      withTimes(file, () => {
        rewrite(file, other)
      })
    }),
  },
  {
    name: 'another file, same size and times',
    apply: onFile((file) => {
      withTimes(file, () => {
        writeFileSync(`${file}.new`, other(readFileSync(file, 'utf8')))
        renameSync(`${file}.new`, file)
      })
    }),
  },
  {
    name: 'longer',
    apply: onFile((file) => {
      rewrite(file, (text) => `${other(text)}\n`)
    }),
  },
  {
    name: 'removed',
    apply: onFile((file) => {
      rmSync(file)
    }),
  },
  {
    name: 'emptied',
    apply: onFile((file) => {
      writeFileSync(file, '')
    }),
  },
  {
    name: 'renamed',
    apply: onFile((file) => {
      renameSync(file, `${file}.old`)
    }),
  },
  {
    name: 'a syntax error',
    apply: onFile((file) => {
      writeFileSync(file, '{ ] \n')
    }),
  },
  {
    name: 'throws',
    apply: onFile((file) => {
      writeFileSync(file, 'throw new Error("edited")\n')
    }),
  },
  {
    name: 'a folder in its place',
    apply: onFile((file) => {
      rmSync(file)
      add(path.join(file, 'index.js'))
    }),
  },
  {
    name: 'a link in its place',
    apply: onFile((file) => {
      writeFileSync(`${file}.target.js`, other(readFileSync(file, 'utf8')))
      rmSync(file)
      symlinkSync(`${path.basename(file)}.target.js`, file)
    }),
  },
  {
    name: 'touched',
    apply: onFile((file) => {
      utimesSync(file, new Date(), new Date())
    }),
  },
  {
    name: 'changed and put back',
    apply: onFile((file) => {
      const text = readFileSync(file)
      withTimes(file, () => {
        rewrite(file, other)
        writeFileSync(file, text)
      })
    }),
  },
  {
    name: 'its folder renamed and made anew',
    apply: onFile((file) => {
      const folder = path.dirname(file)
      const away = `${folder}.away`
      const { atime, mtime } = statSync(folder)
      renameSync(folder, away)
      cpSync(away, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
      withTimes(file, () => {
        rewrite(file, other)
      })
      rmSync(away, { recursive: true })
      utimesSync(folder, atime, mtime)
    }),
  },
  { name: 'nothing', apply: () => undefined },
]

/** What only has a meaning in the layout of one kind. */
const ofKind: readonly Edit[] = [
  inUnit('relative', 'a file before its extension', (at) => {
    add(at('x'))
  }),
  inUnit('relative', 'a script beside data', (at) => {
    add(at('data.js'))
  }),
  inUnit('relative', 'a file beside a folder', (at) => {
    add(at('folder.js'))
  }),
  inUnit('relative', 'a file beside a folder, by its name', (at) => {
    renameSync(at('folder'), at('folder.d'))
    add(at('folder'))
  }),
  inUnit('relative', 'an index for the folder itself', (at) => {
    add(at('index.js'))
  }),
  inUnit('relative', 'a manifest in a folder', (at) => {
    add(at('folder/package.json'), json({ main: './other' }))
    add(at('folder/other.js'))
  }),
  inUnit('relative', 'a module scope', (at) => {
    add(at('package.json'), json({ type: 'module' }))
  }),
  inUnit('relative', 'a module scope further in', (at) => {
    add(at('deep/package.json'), json({ type: 'module' }))
  }),

  inManifest('package', 'main', (manifest) => ({ ...manifest, main: './index.js' })),
  inManifest('package', 'main that is missing', (manifest) => ({ ...manifest, main: 'gone' })),
  inManifest('package', 'no main', ({ name }) => ({ name })),
  inManifest('package', 'exports where there were none', (manifest) => ({
    ...manifest,
    exports: './lib/othe.js',
  })),
  inManifest('package', 'type', (manifest) => ({ ...manifest, type: 'module' })),
  inUnit('package', 'main, same size and times', (at) => {
    const file = at('node_modules/pkg/package.json')
    withTimes(file, () => {
      rewrite(file, (text) => text.replace('lib/main', 'lib/othe'))
    })
  }),
  inUnit('package', 'a broken manifest', (at) => {
    add(at('node_modules/pkg/package.json'), '{')
  }),
  inUnit('package', 'no manifest', (at) => {
    rmSync(at('node_modules/pkg/package.json'))
  }),
  inUnit('package', 'a manifest where there was none', (at) => {
    add(at('node_modules/by-index/package.json'), json({ main: 'main.js' }))
    add(at('node_modules/by-index/main.js'))
  }),
  inUnit('package', 'a file beside the package', (at) => {
    add(at('node_modules/pkg.js'))
  }),
  inUnit('package', 'a folder beside its subpath', (at) => {
    rmSync(at('node_modules/pkg/sub.js'))
    add(at('node_modules/pkg/sub/index.js'))
  }),
  inUnit('package', 'another version, same sizes and times', (at) => {
    const [old, next] = [at('node_modules/pkg'), at('node_modules/pkg.next')]
    cpSync(old, next, { recursive: true, preserveTimestamps: true })
    for (const name of ['lib/main.js', 'sub.js', 'index.js', 'lib/index.js']) {
      const file = path.join(next, name)
      withTimes(file, () => {
        rewrite(file, other)
      })
    }
    const { atime, mtime } = statSync(old)
    rmSync(old, { recursive: true })
    renameSync(next, old)
    utimesSync(old, atime, mtime)
  }),
  inUnit('package', 'removed as a whole', (at) => {
    rmSync(at('node_modules/pkg'), { recursive: true })
  }),
  inUnit('package', 'all packages removed', (at) => {
    rmSync(at('node_modules'), { recursive: true })
  }),

  inManifest('exports', 'another target', (manifest) => ({
    ...manifest,
    exports: { '.': { import: './b.mjs', require: './b.cjs' }, './sub': './sub.cjs' },
  })),
  inManifest('exports', 'a condition before', ({ exports, ...manifest }) => ({
    ...manifest,
    exports: { ...(exports as object), '.': { node: './b.cjs', import: './a.mjs' } },
  })),
  inManifest('exports', 'a null target', ({ exports, ...manifest }) => ({
    ...manifest,
    exports: { ...(exports as object), './f/a': null },
  })),
  inManifest('exports', 'no exports', ({ name }) => ({ name, main: './b.cjs' })),
  inManifest('exports', 'another subpath', ({ exports, ...manifest }) => ({
    ...manifest,
    exports: { ...(exports as object), './none': './b.cjs' },
  })),
  inManifest('exports', 'another name', (manifest) => ({ ...manifest, name: 'qkg' })),
  inUnit('exports', 'a target, same size and times', (at) => {
    const file = at('node_modules/pkg/package.json')
    withTimes(file, () => {
      rewrite(file, (text) => text.replaceAll('./a.', './b.'))
    })
  }),

  inUnit('scope', 'imports', (at) => {
    editManifest(at('package.json'), (manifest) => ({
      ...manifest,
      imports: { '#a': './lib/b.js', '#c': './lib/c.cjs' },
    }))
  }),
  inUnit('scope', 'no imports', (at) => {
    editManifest(at('package.json'), ({ name }) => ({ name, type: 'module' }))
  }),
  inUnit('scope', 'type', (at) => {
    editManifest(at('package.json'), (manifest) => ({ ...manifest, type: 'commonjs' }))
  }),
  inUnit('scope', 'name', (at) => {
    editManifest(at('package.json'), (manifest) => ({ ...manifest, name: 'another' }))
  }),
  inUnit('scope', 'a scope further in', (at) => {
    add(at('lib/package.json'), json({ type: 'commonjs' }))
  }),
  inUnit('scope', 'imports, same size and times', (at) => {
    const file = at('package.json')
    withTimes(file, () => {
      rewrite(file, (text) => text.replaceAll('lib/a.js', 'lib/b.js'))
    })
  }),

  inUnit('static', 'a nearer package', (at) => {
    add(at('b/node_modules/c/index.js'))
  }),
  inUnit('static', 'main of an imported package', (at) => {
    add(at('node_modules/c/d.js'), `exports.text = 'd'\n`)
    editManifest(at('node_modules/c/package.json'), (manifest) => ({ ...manifest, main: 'd.js' }))
  }),
  inUnit('static', 'an export less', (at) => {
    add(at('b/deep.mjs'), 'export const none = 1\n')
  }),

  inUnit('links', 'package retargeted', (at) => {
    replaceLink(at('node_modules/pkg'), '../store/pkg-2')
  }),
  inUnit('links', 'file retargeted', (at) => {
    replaceLink(at('file.js'), 'real-2.js')
  }),
  inUnit('links', 'folder retargeted', (at) => {
    replaceLink(at('folder'), 'folder-2')
  }),
  inUnit('links', 'made anew, with the same target', (at) => {
    replaceLink(at('folder'), readlinkSync(at('folder')))
  }),
  inUnit('links', 'a copy in its place', (at) => {
    unlinkSync(at('node_modules/pkg'))
    cpSync(at('store/pkg-2'), at('node_modules/pkg'), { recursive: true })
  }),
  inUnit('links', 'a file in its place', (at) => {
    unlinkSync(at('file.js'))
    add(at('file.js'))
  }),
  inUnit('links', 'dangling', (at) => {
    replaceLink(at('file.js'), 'gone.js')
  }),
  inUnit('links', 'what it leads to replaced', (at) => {
    swap(at('store/pkg-1'), at('store/pkg-2'))
  }),
  inUnit('links', 'the folder that it leads to replaced', (at) => {
    swap(at('folder-1'), at('folder-2'))
  }),
  inUnit('links', 'a dependency beside the link', (at) => {
    add(at('node_modules/dependency/index.js'))
  }),
  inUnit('links', 'a dependency beside what it leads to', (at) => {
    add(at('store/pkg-1/node_modules/dependency/index.js'))
  }),

  inUnit('absent', 'a file', (at) => {
    add(at('optional.js'))
  }),
  inUnit('absent', 'data', (at) => {
    add(at('optional.json'), '{"text":"added"}')
  }),
  inUnit('absent', 'a folder', (at) => {
    add(at('optional/index.js'))
  }),
  inUnit('absent', 'a file in a folder', (at) => {
    add(at('folder/optional.js'))
  }),
  inUnit('absent', 'a package', (at) => {
    add(at('node_modules/optional/index.js'))
  }),
  inUnit('absent', 'a package further out', (at) => {
    add(path.join(at('..'), 'node_modules', 'only-outer', `index.js`))
  }),
  inUnit('absent', 'a link to a folder', (at) => {
    symlinkSync('folder/other.js', at('optional.js'))
  }),
  inUnit('absent', 'an empty folder', (at) => mkdirSync(at('node_modules'), { recursive: true })),

  inUnit('outer', 'a nearer package', (at) => {
    add(at('deep/er/node_modules/pkg/index.js'))
  }),
  inUnit('outer', 'a package between', (at) => {
    add(at('deep/node_modules/pkg/index.js'))
  }),
  inUnit('outer', 'a nearer file', (at) => {
    add(at('deep/node_modules/pkg.js'))
  }),
  inUnit('outer', 'a nearer empty package', (at) =>
    mkdirSync(at('deep/node_modules/pkg'), { recursive: true }),
  ),
  inUnit('outer', 'nearer on NODE_PATH', (at) => {
    add(at('../../../node-path-1/of-node-path/index.js'))
  }),
  inUnit('outer', 'nearer than NODE_PATH', (at) => {
    add(at('node_modules/of-node-path/index.js'))
  }),
  inUnit('outer', 'a link to a nearer package', (at) => {
    add(at('elsewhere/pkg/index.js'))
    symlinkSync('../elsewhere', at('deep/node_modules'))
  }),
  inUnit('outer', 'the folder of packages renamed and made anew', (at) => {
    renameSync(at('node_modules'), at('old_modules'))
    add(at('node_modules/pkg/index.js'))
  }),

  inUnit('twins', 'two folders swapped', (at) => {
    swap(at('a'), at('b'))
  }),
  inUnit('twins', 'two packages swapped', (at) => {
    swap(at('node_modules/one'), at('node_modules/two'))
  }),
  inUnit('twins', 'two files swapped', (at) => {
    swap(at('a/index.js'), at('b/index.js'))
  }),
  inUnit('twins', 'one a link to the other', (at) => {
    rmSync(at('a'), { recursive: true })
    symlinkSync('b', at('a'))
  }),
]

/** Every edit of every kind, by a name that is its own. */
export const cases: readonly { readonly kind: Kind; readonly edit: Edit }[] = kinds.flatMap(
  (kind) =>
    [...onSource, ...ofKind.filter((edit) => edit.kind === kind.name)].map((edit) => ({
      kind,
      edit,
    })),
)

function onFile(action: (file: string) => void): Edit['apply'] {
  return ({ unit, source }) => {
    action(path.join(unit, source))
  }
}

function inUnit(
  kind: string,
  name: string,
  action: (at: (file: string) => string) => unknown,
): Edit {
  return {
    name,
    kind,
    apply({ unit }) {
      action((file) => path.join(unit, file))
    },
  }
}

function inManifest(
  kind: string,
  name: string,
  change: (manifest: Record<string, unknown>) => object,
): Edit {
  return inUnit(kind, `manifest: ${name}`, (at) => {
    editManifest(at('node_modules/pkg/package.json'), change)
  })
}
