import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Link {
  /** As it stands in the link. */
  readonly link: string
}

/** Files of an application by their path in it. */
export type Files = Readonly<Record<string, string | Uint8Array | Link>>

export function writeFiles(root: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, file)
    else writeFileSync(file, content)
  }
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
