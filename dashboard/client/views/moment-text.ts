/** A moment as people of this browser write it; what is no moment stays as it is. */
export function momentText(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
}
