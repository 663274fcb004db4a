/** The name that was probably meant; undefined: none is near. A third of its letters may be wrong, two at least. */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  // Nobody mistypes a name into one this long, and the effort is quadratic.
  if (typed.length > 100) return undefined
  let nearest: string | undefined
  let fewest = Math.max(2, Math.floor(typed.length / 3)) + 1
  for (const name of known) {
    const edits = editDistance(typed.toLowerCase(), name.toLowerCase())
    if (edits >= Math.min(fewest, name.length)) continue
    fewest = edits
    nearest = name
  }
  return nearest
}

/** Levenshtein: insertions, deletions and replacements of single letters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
