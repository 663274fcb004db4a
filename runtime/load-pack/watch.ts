import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Resolution } from '../../formats/profile.ts'
import type { Watched } from './pack.ts'
import { contentOf, isManifest, listingOf, settled, stampOf, type Stamp } from './stamps.ts'

interface Manifest {
  readonly name?: unknown
  readonly main?: unknown
  readonly exports?: unknown
}

/**
 * What each resolution depends on: folders in which a file could appear that would be found first, and manifests that lead on.
 * As long as none of them changes, the same is found.
 */
export class Watch {
  readonly #names: string[] = []
  readonly #rows: Watched[] = []
  readonly #scopeRows: (readonly number[])[] = []
  readonly #scopePlaces = new Map<string, number | undefined>()
  /** By absolute path; undefined: it cannot be watched. */
  readonly #places = new Map<string, number | undefined>()
  readonly #manifests = new Map<string, Manifest | undefined>()
  readonly #scopes = new Map<string, Scope>()

  /** Absolute paths, in the order of `rows`. */
  get names(): readonly string[] {
    return this.#names
  }

  get rows(): readonly Watched[] {
    return this.#rows
  }

  /** Indices into `rows`. */
  get scopes(): readonly (readonly number[])[] {
    return this.#scopeRows
  }

  /** What the format of a file depends on, as an index into `scopes`; undefined: more than can be watched. */
  scopeOf(file: string): number | undefined {
    const folder = path.dirname(file)
    if (!this.#scopePlaces.has(folder)) {
      const rows = this.#all(this.#scope(folder).watched)
      const place = rows === undefined ? undefined : this.#scopeRows.push(rows) - 1
      this.#scopePlaces.set(folder, place)
    }
    return this.#scopePlaces.get(folder)
  }

  /**
   * What it depends on that a module in `folder` finds `file` by that name; undefined: more than can be watched.
   *
   * @param file - absolute, without symbolic links
   */
  of(
    how: Resolution['how'],
    folder: string,
    specifier: string,
    file: string,
  ): readonly number[] | undefined {
    const watched = new Set<string>([
      ...this.#scope(path.dirname(file)).watched,
      path.dirname(file),
    ])
    const target = targetOf(how, folder, specifier)
    if (target !== undefined) this.#addTarget(watched, target)
    else if (isBuiltin(specifier) || !this.#addPackage(watched, folder, specifier, file)) {
      return undefined
    }
    return this.#all([...watched])
  }

  #addTarget(watched: Set<string>, target: string): void {
    watched.add(path.dirname(target))
    if (!isFolder(target)) return
    watched.add(target)
    const manifest = this.#manifest(target)
    if (manifest === undefined) return
    watched.add(path.join(target, 'package.json'))
    if (typeof manifest.main !== 'string') return
    const main = path.resolve(target, manifest.main)
    watched.add(path.dirname(main))
    if (isFolder(main)) watched.add(main)
  }

  /** False: where it was found is not where packages are looked for. */
  #addPackage(watched: Set<string>, folder: string, specifier: string, file: string): boolean {
    const scope = this.#scope(folder)
    for (const each of scope.watched) watched.add(each)
    const isInScope = scope.root !== undefined && isWithin(file, scope.root)
    if (specifier.startsWith('#')) return isInScope
    const [name, subpath] = packageOf(specifier)
    const manifest = scope.root === undefined ? undefined : this.#manifest(scope.root)
    if (manifest?.name === name && manifest.exports != null) return isInScope
    for (let at = folder; ; at = path.dirname(at)) {
      if (path.basename(at) !== 'node_modules') {
        const shelf = path.join(at, 'node_modules')
        if (!isFolder(shelf)) watched.add(at)
        else if (this.#addShelf(watched, shelf, name, subpath, file)) return true
      }
      if (path.dirname(at) === at) return false
    }
  }

  /** Whether it was found there. */
  #addShelf(
    watched: Set<string>,
    shelf: string,
    name: string,
    subpath: string,
    file: string,
  ): boolean {
    watched.add(shelf)
    const home = path.join(shelf, name)
    if (name.startsWith('@') && isFolder(path.dirname(home))) watched.add(path.dirname(home))
    if (!isFolder(home)) return file === realOf(home) || path.dirname(file) === realOf(shelf)
    this.#addTarget(watched, home)
    if (subpath !== '') this.#addTarget(watched, path.join(home, subpath))
    return isWithin(file, realOf(home))
  }

  #scope(folder: string): Scope {
    const known = this.#scopes.get(folder)
    if (known !== undefined) return known
    const scope = this.#findScope(folder)
    this.#scopes.set(folder, scope)
    return scope
  }

  #findScope(folder: string): Scope {
    if (path.basename(folder) === 'node_modules') return { root: undefined, watched: [] }
    const file = path.join(folder, 'package.json')
    if (stampOf(file) !== undefined) return { root: folder, watched: [file] }
    const outer = path.dirname(folder)
    if (outer === folder) return { root: undefined, watched: [folder] }
    const { root, watched } = this.#scope(outer)
    return { root, watched: [folder, ...watched] }
  }

  #manifest(folder: string): Manifest | undefined {
    if (!this.#manifests.has(folder)) {
      this.#manifests.set(folder, readManifest(path.join(folder, 'package.json')))
    }
    return this.#manifests.get(folder)
  }

  #all(files: readonly string[]): readonly number[] | undefined {
    const places = files.map((file) => this.#place(file))
    return places.every((place) => place !== undefined) ? places : undefined
  }

  #place(file: string): number | undefined {
    if (this.#places.has(file)) return this.#places.get(file)
    const row = this.#watch(file)
    const place = row === undefined ? undefined : this.#rows.push(row) - 1
    if (row !== undefined) this.#names.push(file)
    this.#places.set(file, place)
    return place
  }

  #watch(file: string): Watched | undefined {
    try {
      const { stamp, value } = unchanging(file, isManifest(file) ? contentOf : listingOf)
      return { stamp, hash: value }
    } catch {
      return undefined
    }
  }
}

interface Scope {
  /** Folder of the nearest manifest. */
  readonly root: string | undefined
  /** The folders up to there, and it. */
  readonly watched: readonly string[]
}

/** Reads what a stamp holds for. Throws what `fs` throws, and when it is being written to. */
export function unchanging<T>(
  file: string,
  read: (file: string) => T,
): { readonly stamp: Stamp | null; readonly value: T } {
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = stampOf(file)
    const value = read(file)
    const after = stampOf(file)
    if (before === undefined || after?.join() !== before.join()) continue
    return { stamp: settled(after, Date.now()), value }
  }
  throw new Error(`${file} is being written to`)
}

/** The path that a specifier is; undefined: it is the name of a package. */
function targetOf(how: Resolution['how'], folder: string, specifier: string): string | undefined {
  if (specifier.startsWith('file:')) return fileURLToPath(new URL(specifier))
  const isPath = /^(?:\.{1,2}(?:\/|$)|\/)/.test(specifier) || path.isAbsolute(specifier)
  if (!isPath) return undefined
  if (how === 'require') return path.resolve(folder, specifier)
  const bare = decodeURIComponent(specifier.replace(/[?#].*$/s, ''))
  return path.resolve(folder, bare)
}

function packageOf(specifier: string): readonly [name: string, subpath: string] {
  const parts = specifier.split('/')
  const width = specifier.startsWith('@') ? 2 : 1
  return [parts.slice(0, width).join('/'), parts.slice(width).join('/')]
}

function isWithin(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
}

function realOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

function readManifest(file: string): Manifest | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Manifest | null) ?? {}
  } catch {
    return undefined
  }
}
