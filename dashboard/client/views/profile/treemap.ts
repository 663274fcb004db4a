import type { ModuleRecord } from '../../../../formats/profile.ts'
import { measureOf, type ModuleGroup, type ModuleMeasure } from './packages.ts'
import { squarify, type Rect } from './squarify.ts'

export interface TreemapGroup {
  readonly group: ModuleGroup
  readonly rect: Rect
  /** Whether its name stands above its modules. */
  readonly hasHeader: boolean
  readonly cells: readonly { readonly module: ModuleRecord; readonly rect: Rect }[]
}

export const headerHeight = 18
const minHeader = { width: 50, height: 44 }
/** Square pixels; what is smaller could not be seen, and there may be thousands. */
const minCellArea = 9

/** Packages as rectangles, and their modules in them. Groups and their modules must be sorted by the measure, descending. */
export function treemapOf(
  groups: readonly ModuleGroup[],
  by: ModuleMeasure,
  width: number,
  height: number,
): readonly TreemapGroup[] {
  const values = groups.map(({ selfMs, cacheBytes }) => (by === 'self' ? selfMs : cacheBytes))
  const rects = squarify(values, { x: 0, y: 0, width, height })
  return groups.flatMap((group, index) => {
    const rect = rects[index]
    if (rect === undefined || areaOf(rect) < minCellArea) return []
    const hasHeader = rect.width >= minHeader.width && rect.height >= minHeader.height
    const inner = hasHeader
      ? { ...rect, y: rect.y + headerHeight, height: rect.height - headerHeight }
      : rect
    const sizes = group.modules.map((module) => measureOf(module, by))
    const cells = squarify(sizes, inner).flatMap((cell, at) => {
      const module = group.modules[at]
      return module === undefined || areaOf(cell) < minCellArea ? [] : [{ module, rect: cell }]
    })
    return [{ group, rect, hasHeader, cells }]
  })
}

/** As much of a text as fits into so many pixels; empty: not enough to be told apart. */
export function fittingText(text: string, widthPx: number, characterPx = 6.8): string {
  const most = Math.floor((widthPx - 8) / characterPx)
  if (text.length <= most) return text
  return most < 4 ? '' : `${text.slice(0, most - 1)}…`
}

function areaOf({ width, height }: Rect): number {
  return width * height
}
