const dayMs = 24 * 60 * 60 * 1000

/** Days are whole numbers since 1970-01-01. */
export function parseDay(text) {
  return Math.round(Date.parse(`${text}T00:00:00Z`) / dayMs)
}

export function formatDay(day) {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

export function addDays(day, count) {
  return day + count
}

/** From the first up to, and without, the last. */
export function daysBetween(first, last) {
  return Array.from({ length: last - first }, (_, index) => first + index)
}

/** 0 on the first of January, up to 1 at the end of the year. */
export function shareOfYear(day) {
  const date = new Date(day * dayMs)
  return (day - Date.UTC(date.getUTCFullYear(), 0, 1) / dayMs) / 366
}
