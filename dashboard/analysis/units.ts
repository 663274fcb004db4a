/** Milliseconds with a unit and three significant digits: `0.42 ms`, `12.3 ms`, `4.56 s`. */
export function formatMs(ms: number): string {
  if (Math.abs(ms) >= 1000) return `${significant(ms / 1000)} s`
  if (ms !== 0 && Math.abs(ms) < 0.1) return `${significant(ms * 1000)} us`
  return `${significant(ms)} ms`
}

/** Bytes in binary units: `812 B`, `39.1 KiB`, `6.20 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${significant(bytes / 1024)} KiB`
  return `${significant(bytes / (1024 * 1024))} MiB`
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `12.5%`; `-` of nothing. */
export function formatShare(part: number, total: number): string {
  return total === 0 ? '-' : `${((100 * part) / total).toFixed(1)}%`
}

/** `95 %`, `99.5 %`. */
export function formatLevel(level = 0.95): string {
  return `${Number((100 * level).toFixed(1))} %`
}

function significant(value: number): string {
  const magnitude = Math.abs(value)
  return value.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2)
}
