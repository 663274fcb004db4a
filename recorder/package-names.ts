import { readFileSync } from 'node:fs'
import path from 'node:path'
import { portable } from '../runtime/app.ts'

/** `package@version/path` for what is installed, the path below the root for what is the application's own. */
export class PackageNames {
  readonly #root: string
  readonly #versions = new Map<string, string>()

  constructor(root: string) {
    this.#root = root
  }

  nameOf(file: string): { id: string; path: string } {
    const relative = portable(path.relative(this.#root, file))
    const parts = portable(file).split('/')
    const start = parts.lastIndexOf('node_modules') + 1
    if (start === 0) return { id: relative, path: relative }
    const width = parts[start]?.startsWith('@') === true ? 2 : 1
    const name = parts.slice(start, start + width).join('/')
    const version = this.#versionIn(parts.slice(0, start + width).join('/'))
    return {
      id: `${name}@${version}/${parts.slice(start + width).join('/')}`,
      path: relative,
    }
  }

  #versionIn(folder: string): string {
    let version = this.#versions.get(folder)
    if (version === undefined) {
      version = readVersion(path.join(folder, 'package.json'))
      this.#versions.set(folder, version)
    }
    return version
  }
}

function readVersion(file: string): string {
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }
    return typeof version === 'string' ? version : '?'
  } catch {
    return '?'
  }
}
