import { expect, test } from 'vitest'
import { shareChange } from './share-change.ts'

test.each([
  [{ part: 10, all: 1000 }, { part: 100, all: 1000 }, 'larger'],
  [{ part: 100, all: 1000 }, { part: 20, all: 2000 }, 'smaller'],
  [{ part: 0, all: 1000 }, { part: 50, all: 1000 }, 'larger'],
  // Not by half.
  [{ part: 10_000, all: 100_000 }, { part: 12_000, all: 100_000 }, undefined],
  // Twice as many, which as few as these are by chance.
  [{ part: 3, all: 1000 }, { part: 6, all: 1000 }, undefined],
  // Twice as many in a recording that is twice as long.
  [{ part: 100, all: 1000 }, { part: 200, all: 2000 }, undefined],
  [{ part: 0, all: 0 }, { part: 50, all: 1000 }, undefined],
  [{ part: 5, all: 5 }, { part: 900, all: 900 }, undefined],
])('from %o to %o is %s', (before, after, change) => {
  expect(shareChange(before, after)).toBe(change)
})
