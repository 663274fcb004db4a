import fc from 'fast-check'
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { decodeArguments, encodeArguments } from './call-arguments.ts'

/** What a rehearsed call gets for these arguments. */
function replayed(...args: unknown[]): readonly unknown[] {
  const encoded = encodeArguments(args, undefined)
  if ('obstacle' in encoded) throw new Error(encoded.obstacle)
  return decodeArguments(JSON.stringify(encoded.value), undefined)
}

function obstacle(...args: unknown[]): string | undefined {
  const encoded = encodeArguments(args, undefined)
  return 'obstacle' in encoded ? encoded.obstacle : undefined
}

class Job {
  readonly id = 1
}

describe('arguments', () => {
  it('come back as they were when they are plain data', () => {
    const data = fc.jsonValue({ noUnicodeString: false }).filter((value) => !hasMinusZero(value))
    fc.assert(
      fc.property(fc.array(data), (args) => {
        expect(replayed(...args)).toEqual(args)
      }),
    )
  })

  it.each([
    ['undefined, wherever it stands', [undefined, { a: undefined, b: [undefined, 1] }, undefined]],
    ['a Date', [new Date(1_700_000_000_000)]],
    ['a Map in a Map', [new Map([['a', new Map([['b', [1]]])]])]],
    ['a Set', [new Set([1, 'b', { c: 2 }])]],
    ['bytes that are text', [Buffer.from('{"a":"ä"}'), new Uint8Array([104, 105])]],
    ['a lone surrogate', ['\ud800']],
    ['a key __proto__', [JSON.parse('{"__proto__":{"a":1},"b":2}')]],
    ['nothing', []],
  ])('come back as they were: %s', (_name, args: unknown[]) => {
    const back = replayed(...args)
    expect(back).toStrictEqual(args)
    for (const [index, arg] of back.entries()) {
      expect(Object.getPrototypeOf(Object(arg))).toBe(Object.getPrototypeOf(Object(args[index])))
    }
  })

  it('are new ones each time, since a call may change them', () => {
    const text = '[{"at":{"$prewarm":"date","value":0}}]'
    expect(decodeArguments(text, undefined)).not.toBe(decodeArguments(text, undefined))
    expect(decodeArguments(text, undefined)).toEqual([{ at: new Date(0) }])
  })

  it.each([
    ['argument 0: a function', [() => 1]],
    ['argument 1: a symbol', [1, Symbol('a')]],
    ['argument 0: a bigint', [[1n]]],
    ['argument 0: the number NaN', [{ a: NaN }]],
    ['argument 0: the number -Infinity', [-Infinity]],
    ['argument 0: the number -0', [-0]],
    ['argument 0: an instance of Job', [{ job: new Job() }]],
    ['argument 0: an instance of URL', [new URL('http://a.example')]],
    ['argument 0: an instance of Promise', [Promise.resolve()]],
    ['argument 0: an object without a prototype', [Object.create(null)]],
    ['argument 0: an instance of Object', [vm.runInNewContext('({})')]],
    ['argument 0: an object that is frozen or sealed', [Object.freeze({ a: 1 })]],
    ['argument 0: an array with holes or other properties', [Object.assign([1], { a: 1 })]],
    ['argument 0: an array with holes or other properties', [[1, , 2]]],
    ['argument 0: a property with a symbol for a name', [{ [Symbol.iterator]: 1 }]],
    ['argument 0: a property $prewarm', [{ $prewarm: 'date' }]],
    ['argument 0: bytes that are not text', [Buffer.from([0xff, 0xd8])]],
    ['argument 0: an instance of Uint16Array', [new Uint16Array(1)]],
    ['argument 0: an invalid Date', [new Date(NaN)]],
    ['argument 0: a Map with keys that are no strings', [new Map([[1, 2]])]],
    ['argument 0: a Map with keys that look like numbers', [new Map([['b', 1], ['7', 2]])]], // prettier-ignore
    ['argument 0: more than 64 KiB', ['a'.repeat(70_000)]],
    ['argument 0: more than 64 KiB', [new Array(5e6).fill(0)]],
    ['argument 0: more than 64 KiB', [new Set(Array.from({ length: 1e5 }, (_, index) => index))]],
  ])('cannot be kept: %s', (expected, args: unknown[]) => {
    expect(obstacle(...args)).toBe(expected)
  })

  it('cannot be kept when an object contains itself', () => {
    const loop: unknown[] = []
    loop.push(loop, loop)
    expect(obstacle(loop)).toBe('argument 0: nested deeper than 32 levels')
  })

  it('are looked at without running code of the application', () => {
    const touched: string[] = []
    const accessor = {
      get secret() {
        touched.push('accessor')
        return 1
      },
    }
    const json = { toJSON: undefined, a: 1 }
    const proxy = new Proxy({}, { ownKeys: () => (touched.push('proxy'), []) })
    expect(obstacle(accessor)).toBe(
      'argument 0: a property that is an accessor, hidden or read-only',
    )
    expect(obstacle(proxy)).toBe('argument 0: a proxy')
    expect(replayed(json)).toEqual([json])
    expect(touched).toEqual([])
  })
})

describe('a codec of the application', () => {
  const codec = {
    serialize: ([job]: readonly unknown[]) => ({ id: (job as Job).id, at: new Date(5) }),
    deserialize: (form: unknown) => [Object.assign(new Job(), form)],
  }

  it('makes a form of the arguments, and arguments of the form', () => {
    const encoded = encodeArguments([new Job()], codec)
    const text = JSON.stringify('value' in encoded ? encoded.value : encoded)
    const [job] = decodeArguments(text, codec)
    expect(job).toBeInstanceOf(Job)
    expect(job).toMatchObject({ id: 1, at: new Date(5) })
  })

  it('that throws, or whose form cannot be kept, is an obstacle', () => {
    const throwing = { ...codec, serialize: () => JSON.parse('{') as unknown }
    const wrong = { ...codec, serialize: () => ({ job: new Job() }) }
    expect(encodeArguments([], throwing)).toEqual({ obstacle: 'serialize(): it threw' })
    expect(encodeArguments([], wrong)).toEqual({ obstacle: 'serialize(): an instance of Job' })
  })

  it('must give a list', () => {
    expect(() => decodeArguments('{}', undefined)).toThrow(TypeError)
    expect(() => decodeArguments('[]', { ...codec, deserialize: () => 1 as never })).toThrow(
      TypeError,
    )
  })
})

function hasMinusZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasMinusZero)
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasMinusZero)
  return Object.is(value, -0)
}
