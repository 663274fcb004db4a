import { describe, expect, it } from 'vitest'
import { seriesCsv, toCsv } from './csv.ts'

describe('csv', () => {
  it('quotes what would end a field or a line', () => {
    expect(
      toCsv(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          ['two\nlines', null],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"two\nlines",\r\n')
  })

  it('defuses text that a spreadsheet would compute, and leaves numbers alone', () => {
    expect(toCsv(['name', 'value'], [['=HYPERLINK("http://a")', -1.5]])).toBe(
      'name,value\r\n"\'=HYPERLINK(""http://a"")",-1.5\r\n',
    )
  })

  it('leaves fields empty for what is no number', () => {
    expect(toCsv(['a'], [[NaN], [Infinity]])).toBe('a\r\n\r\n\r\n')
  })

  it('has a line for each point of each series', () => {
    const series = [
      {
        name: 'cold',
        colour: 1,
        steady: 1,
        changepoints: [],
        points: [{ x: 1, y: 9, low: 8, high: 10 }],
      },
      { name: 'live', colour: 2, steady: null, changepoints: [], points: [{ x: 1, y: 3 }] },
    ]
    expect(seriesCsv(series, 'round')).toBe(
      'series,round,median_ms,low_ms,high_ms\r\ncold,1,9,8,10\r\nlive,1,3,,\r\n',
    )
  })
})
