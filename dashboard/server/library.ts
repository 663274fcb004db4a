import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { PrewarmError } from '../../formats/errors.ts'
import type { ApiError, FileEntry, FileKind } from '../api.ts'
import { kindByExtension, kindByHead, kindByName, headBytes } from './file-kinds.ts'
import { scanPaths, type OpenedPath, type ScannedFile } from './folder-scan.ts'
import { serverLimits } from './limits.ts'
import { problemOf } from './problems.ts'
import { checkSize, readHead } from './safe-file.ts'
import type { Analyse, FileRef } from './tasks.ts'

/** A file that can be asked for by its id. */
export interface LibraryFile {
  readonly id: string
  readonly kind: FileKind
  readonly ref: FileRef
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly memo: Memo
}

/** Asked for once of each content. */
interface Memo {
  described?: Promise<Described>
}

/** What is known of a file as long as size and time are the same. */
interface Known {
  readonly key: string
  /** null: it is nothing of ours. */
  readonly kind: FileKind | null
  readonly memo: Memo
}

interface Described {
  readonly title: string
  readonly error: ApiError | null
}

/**
 * The files that can be looked at: those in the opened folders and those that were dropped on the page. Only what was found has an
 * id, and only an id can be asked for, so that no path ever comes from outside.
 */
export class Library {
  readonly #opened: readonly OpenedPath[]
  readonly #analyse: Analyse
  readonly #known = new Map<string, Known>()
  readonly #dropped = new Map<string, LibraryFile>()
  #droppedBytes = 0
  #found: ReadonlyMap<string, LibraryFile> = new Map()
  #isCut = false

  constructor(opened: readonly OpenedPath[], analyse: Analyse) {
    this.#opened = opened
    this.#analyse = analyse
  }

  /** Whether the last scan has left files out, since there are too many. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** Looks into the folders anew. The newest files first. */
  async list(): Promise<readonly FileEntry[]> {
    const files = [...this.#dropped.values(), ...(await this.#rescan()).values()]
    files.sort((a, b) => b.modifiedMs - a.modifiedMs)
    return Promise.all(files.map((file) => this.#entryOf(file)))
  }

  /** Those of a kind, by one scan, the newest first. */
  async filesOf(kind: FileKind): Promise<readonly LibraryFile[]> {
    return [...(await this.#rescan()).values()]
      .filter((file) => file.kind === kind)
      .sort((a, b) => b.modifiedMs - a.modifiedMs)
  }

  /** How many files there are, by one scan. */
  async count(): Promise<number> {
    return (await this.#rescan()).size
  }

  /** The file as it is now. Throws `ERR_PREWARM_DSH_NOT_FOUND`. */
  async get(id: string): Promise<LibraryFile> {
    const before = this.#dropped.get(id) ?? this.#found.get(id)
    if (before !== undefined && (await isUnchanged(before))) return before
    const file = (await this.#rescan()).get(id)
    if (file !== undefined) return file
    throw new PrewarmError('ERR_PREWARM_DSH_NOT_FOUND', 'There is no such file', {
      hint: 'It may have been moved or removed; look at the list of files.',
    })
  }

  /**
   * Keeps a file in memory. Throws `ERR_PREWARM_DSH_KIND` for one that is nothing of ours, `ERR_PREWARM_DSH_LIMIT`, and what is wrong
   * with it otherwise.
   *
   * @param bytes - in shared memory, so that the analysis gets them without a copy
   */
  async add(name: string, bytes: Uint8Array): Promise<FileEntry> {
    const kind = kindByHead(bytes.slice(0, headBytes))
    if (kind === null) {
      throw new PrewarmError('ERR_PREWARM_DSH_KIND', `${name} is nothing that prewarm wrote`, {
        hint: 'Profiles, results of prewarm compare --save, run reports and explained starts can be shown.',
      })
    }
    // The same bytes again are the same file.
    const id = idOf(`dropped ${createHash('sha256').update(bytes).digest('base64url')}`)
    const before = this.#dropped.get(id)
    if (before !== undefined) return this.#entryOf(before)
    this.#checkRoom(bytes.length)
    const ref: FileRef = { key: id, name, content: { bytes } }
    const title = String(await this.#analyse({ do: 'describe', kind, file: ref }))
    // Others may have come meanwhile.
    this.#checkRoom(bytes.length)
    const memo = { described: Promise.resolve({ title, error: null }) }
    const file = { id, kind, ref, sizeBytes: bytes.length, modifiedMs: Date.now(), memo }
    this.#dropped.set(id, file)
    this.#droppedBytes += bytes.length
    return this.#entryOf(file)
  }

  #checkRoom(sizeBytes: number): void {
    const { droppedBytes, droppedFiles } = serverLimits
    if (this.#droppedBytes + sizeBytes <= droppedBytes && this.#dropped.size < droppedFiles) return
    throw new PrewarmError('ERR_PREWARM_DSH_LIMIT', 'There is no room for more dropped files', {
      hint: `They are kept in memory: ${droppedBytes} bytes and ${droppedFiles} files at most. Name them on the command line instead.`,
    })
  }

  async #rescan(): Promise<ReadonlyMap<string, LibraryFile>> {
    const scan = await scanPaths(this.#opened)
    const found = new Map<string, LibraryFile>()
    const seen = new Set<string>()
    for (const scanned of scan.files) {
      seen.add(scanned.path)
      const { key, kind, memo } = await this.#knownOf(scanned)
      if (kind === null) continue
      const { path, name, sizeBytes, modifiedMs } = scanned
      const id = idOf(path)
      const ref = { key, name, content: { path } }
      found.set(id, { id, kind, ref, sizeBytes, modifiedMs, memo })
    }
    for (const path of this.#known.keys()) if (!seen.has(path)) this.#known.delete(path)
    const newest = [...found].sort(([, a], [, b]) => b.modifiedMs - a.modifiedMs)
    this.#isCut = scan.isCut || newest.length > serverLimits.files
    this.#found = new Map(newest.slice(0, serverLimits.files))
    return this.#found
  }

  async #knownOf({ path, name, sizeBytes, modifiedMs, isNamed }: ScannedFile): Promise<Known> {
    const key = `${path} ${sizeBytes} ${modifiedMs}`
    const before = this.#known.get(path)
    if (before?.key === key) return before
    const byContent = async (): Promise<FileKind | null> =>
      kindByHead(await readHead(path, headBytes).catch(() => new Uint8Array()))
    const kind = kindByName(name) ?? (await byContent()) ?? (isNamed ? kindByExtension(name) : null)
    const known: Known = { key, kind, memo: {} }
    this.#known.set(path, known)
    return known
  }

  async #entryOf(file: LibraryFile): Promise<FileEntry> {
    const { id, kind, ref, sizeBytes, modifiedMs, memo } = file
    memo.described ??= this.#describe(file)
    return {
      id,
      kind,
      name: ref.name,
      modifiedAt: new Date(modifiedMs).toISOString(),
      sizeBytes,
      ...(await memo.described),
    }
  }

  async #describe({ kind, ref, sizeBytes }: LibraryFile): Promise<Described> {
    try {
      checkSize(sizeBytes)
      const title = await this.#analyse({ do: 'describe', kind, file: ref })
      return { title: String(title), error: null }
    } catch (error) {
      return { title: '', error: problemOf(error).body }
    }
  }
}

async function isUnchanged({ ref, sizeBytes, modifiedMs }: LibraryFile): Promise<boolean> {
  if ('bytes' in ref.content) return true
  const stats = await lstat(ref.content.path).catch(() => undefined)
  return stats?.isFile() === true && stats.size === sizeBytes && stats.mtimeMs === modifiedMs
}

/** The same after a restart, so that links stay. */
function idOf(path: string): string {
  return createHash('sha256').update(path).digest('base64url').slice(0, 22)
}
