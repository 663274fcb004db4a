import type { UnitChange } from '../../../api.ts'

type ChangeName = UnitChange['change']

/** What needs looking at first. */
export const changeNames: readonly ChangeName[] = ['added', 'removed', 'changed', 'kept']

export function countChanges(changes: readonly UnitChange[]): Readonly<Record<ChangeName, number>> {
  const counts: Record<ChangeName, number> = { added: 0, removed: 0, changed: 0, kept: 0 }
  for (const { change } of changes) counts[change]++
  return counts
}

/** @param change - empty: all but what was kept */
export function selectChanges(
  changes: readonly UnitChange[],
  { text, change }: { readonly text: string; readonly change: string },
): readonly UnitChange[] {
  const wanted = text.trim().toLowerCase()
  return changes.filter(
    (each) =>
      (change === '' ? each.change !== 'kept' : each.change === change) &&
      each.unit.toLowerCase().includes(wanted),
  )
}
