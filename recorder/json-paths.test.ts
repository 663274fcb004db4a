import { describe, expect, it } from 'vitest'
import { isJsonPath, JsonPaths, type PathState } from './json-paths.ts'

/** The leaves and branches of a document that paths mean, by their place. */
function meant(document: unknown, ...texts: string[]): string[] {
  const paths = new JsonPaths(texts)
  const found: string[] = []
  const walk = (value: unknown, state: PathState, at: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, item] of Object.entries(value)) {
      const isList = Array.isArray(value)
      const { isMeant, below } = isList ? paths.enterList(state) : paths.enter(state, key)
      const place = isList ? `${at}[${key}]` : `${at}.${key}`
      if (isMeant) found.push(place)
      else walk(item, below, place)
    }
  }
  walk(document, paths.root, '$')
  return found
}

const order = {
  id: 7,
  customer: { name: 'ann', address: { street: 'a', geo: { lat: 1 } }, 'e-mail': 'x' },
  items: [{ price: 1, options: [{ price: 2 }] }, { price: 3 }],
  price: 4,
}

describe('a path', () => {
  it.each<[string, string[]]>([
    ['$.id', ['$.id']],
    ['$.ID', ['$.id']],
    ['$.customer', ['$.customer']],
    ['$.customer.address.*', ['$.customer.address.street', '$.customer.address.geo']],
    ['$.customer.*.street', ['$.customer.address.street']],
    ["$['customer']['e-mail']", ['$.customer.e-mail']],
    ['$["customer"].e-mail', ['$.customer.e-mail']],
    ['$.items[*].price', ['$.items[0].price', '$.items[1].price']],
    ['$.items.*.price', ['$.items[0].price', '$.items[1].price']],
    ['$.items.price', ['$.items[0].price', '$.items[1].price']],
    ['$.items[*]', ['$.items[0]', '$.items[1]']],
    ['$.items.options.price', ['$.items[0].options[0].price']],
    [
      '$.**.price',
      ['$.items[0].price', '$.items[0].options[0].price', '$.items[1].price', '$.price'],
    ],
    [
      '$..price',
      ['$.items[0].price', '$.items[0].options[0].price', '$.items[1].price', '$.price'],
    ],
    ['$.items.**.price', ['$.items[0].price', '$.items[0].options[0].price', '$.items[1].price']],
    ['$.customer.**.lat', ['$.customer.address.geo.lat']],
    ['$.customer.**', ['$.customer.name', '$.customer.address', '$.customer.e-mail']],
    ['$..[*]', ['$.id', '$.customer', '$.items', '$.price']],
    ['$.name', []],
    ['$.customer.name.first', []],
  ])('%s means %j', (path, expected) => {
    expect(meant(order, path)).toEqual(expected)
  })

  it('stands beside others', () => {
    expect(meant(order, '$.id', '$.items.price', '$.customer.name')).toEqual([
      ...['$.id', '$.customer.name', '$.items[0].price', '$.items[1].price'],
    ])
    expect(meant(order)).toEqual([])
  })

  it('means the elements of a document that is a list', () => {
    expect(meant([{ a: 1 }, [{ a: 2 }]], '$.a')).toEqual(['$[0].a', '$[1][0].a'])
  })

  it.each(['$.', '$[', '$[]', '$[0]', '$.a.', '$.a[', "$['a", '$.a b].c', '$.[*]x'])(
    'cannot be %s',
    (path) => {
      expect(() => new JsonPaths([path])).toThrow(
        expect.objectContaining({ code: 'ERR_PREWARM_CFG_VALUE' }),
      )
    },
  )

  it.each([
    ['$.a', true],
    ["$['a']", true],
    ['$..a', true],
    ['$filter', false],
    ['x-tenant', false],
  ])('%s is one: %s', (text, expected) => {
    expect(isJsonPath(text)).toBe(expected)
  })

  it('does not slow down with the depth of a document', () => {
    let document: unknown = 1
    for (let depth = 0; depth < 5000; depth++)
      document = depth % 2 === 0 ? [document] : { a: document }
    const paths = new JsonPaths(['$.**.**.**.b', '$..a..a..a..b', '$.*.*.*.b'])
    let state = paths.root
    for (let value = document; typeof value === 'object' && value !== null;) {
      const isList = Array.isArray(value)
      state = (isList ? paths.enterList(state) : paths.enter(state, 'a')).below
      value = Object.values(value)[0] as unknown
    }
    expect(state.length).toBeLessThan(20)
  })
})
