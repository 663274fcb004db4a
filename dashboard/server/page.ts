import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { PrewarmError } from '../../formats/errors.ts'

/** A file of the built page. */
export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  /** Its name changes with its content. */
  readonly isImmutable: boolean
}

/** By the path of its URL: `/`, `/assets/index-abc.js`. */
export type Page = ReadonlyMap<string, Asset>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

/**
 * All files of the built page, in memory: what is not among them cannot be asked for. Throws `ERR_PREWARM_DSH_PAGE` when there is no
 * page in the folder.
 */
export async function readPage(folder: string): Promise<Page> {
  const page = new Map<string, Asset>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(folder, file).split(path.sep).join('/')
    page.set(name === 'index.html' ? '/' : `/${name}`, {
      bytes: new Uint8Array(await readFile(file)),
      type: types[path.extname(name)] ?? 'application/octet-stream',
      isImmutable: name.startsWith('assets/'),
    })
  }
  if (page.has('/')) return page
  throw new PrewarmError('ERR_PREWARM_DSH_PAGE', 'The page of the dashboard is not built', {
    hint: 'In a copy of the repository: npm run build',
  })
}
