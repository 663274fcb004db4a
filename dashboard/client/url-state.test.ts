import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatHash, parseHash, withChanges } from './url-state.ts'
import { viewNames } from './view.ts'

describe('url-state', () => {
  it('reads view and parameters', () => {
    expect(parseHash('#/replay?file=ab12&route=GET%20%2Fa%3Fb')).toEqual({
      view: 'replay',
      params: { file: 'ab12', route: 'GET /a?b' },
    })
  })

  it.each(['', '#', '#/', '#/nothing', '#?file=1', '#//', '#/compare/'])(
    'shows the Compare view for %j',
    (hash) => {
      expect(parseHash(hash).view).toBe('compare')
    },
  )

  it('keeps every view with any parameters', () => {
    const params = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }))
    fc.assert(
      fc.property(fc.constantFrom(...viewNames), params, (view, own) => {
        const state = parseHash(formatHash({ view, params: own }))
        expect(state.view).toBe(view)
        expect(new Map(Object.entries(state.params))).toEqual(new Map(Object.entries(own)))
      }),
    )
  })

  it('takes parameters out with null and leaves the others', () => {
    expect(withChanges({ file: 'a', route: 'GET /' }, { route: null, axis: 'time' })).toEqual({
      file: 'a',
      axis: 'time',
    })
  })
})
