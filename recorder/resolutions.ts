import type { Resolution } from '../formats/profile.ts'

type How = Resolution['how']

/** What each file asked for by which name, and the file that was found. */
export class Resolutions {
  readonly #found = new Map<string, Map<string, { how: How; specifier: string; to: string }>>()

  /** @param from - absolute file name, as is `to`; anything else is not kept */
  note(how: How, from: string | null | undefined, specifier: string, to: string | undefined): void {
    if (from == null || to === undefined || from === to) return
    let found = this.#found.get(from)
    if (found === undefined) {
      found = new Map<string, { how: How; specifier: string; to: string }>()
      this.#found.set(from, found)
    }
    found.set(`${how} ${specifier}`, { how, specifier, to })
  }

  /** Those from module to module; what is only asked for and never loaded is none. */
  among(byFile: ReadonlyMap<string, number>): readonly Resolution[] {
    const rows: Resolution[] = []
    for (const [file, found] of this.#found) {
      const from = byFile.get(file)
      if (from === undefined) continue
      for (const { how, specifier, to: target } of found.values()) {
        const to = byFile.get(target)
        if (to !== undefined) rows.push({ from, specifier, how, to })
      }
    }
    return rows
  }
}
