import { expect, it } from 'vitest'
import { renderTable } from './table.ts'

it('pads columns to their widest cell and aligns them', () => {
  const table = renderTable(
    [{ title: 'Name' }, { title: 'Size', align: 'right' }],
    [
      ['alpha', '1 B'],
      ['b', '1,000 B'],
    ],
  )
  expect(table.split('\n')).toEqual([
    'Name      Size',
    '-----  -------',
    'alpha      1 B',
    'b      1,000 B',
  ])
})

it('leaves no spaces at the end of a line', () => {
  const table = renderTable(
    [{ title: 'Name' }, { title: 'Note' }],
    [
      ['a', 'long enough'],
      ['b', ''],
    ],
  )
  expect(table.split('\n').filter((line) => line.endsWith(' '))).toEqual([])
})

it('takes missing cells for empty ones', () => {
  expect(renderTable([{ title: 'A' }, { title: 'B' }], [['x']]).split('\n')[2]).toBe('x')
})

it('does not count colours as width', () => {
  const table = renderTable([{ title: 'A' }, { title: 'B' }], [['\u001b[31mred\u001b[39m', 'x']])
  expect(table.split('\n')).toEqual(['A    B', '---  -', '\u001b[31mred\u001b[39m  x'])
})

it('is a head without rows when there are none', () => {
  expect(renderTable([{ title: 'Name' }], [])).toBe('Name\n----')
})
