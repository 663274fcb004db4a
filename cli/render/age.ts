const hourMs = 60 * 60 * 1000

/** `3 days ago`, `5 hours ago`, `within the last hour`. */
export function formatAge(ageMs: number): string {
  const hours = Math.floor(ageMs / hourMs)
  if (hours < 1) return 'within the last hour'
  if (hours < 48) return hours === 1 ? '1 hour ago' : `${hours} hours ago`
  return `${Math.floor(hours / 24)} days ago`
}
