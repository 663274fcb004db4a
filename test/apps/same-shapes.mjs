// Run with --allow-natives-syntax. Without an argument: prints recorded arguments. With them as an argument: prints where
// replayed ones, and clones for comparison, do not have the hidden class of what an application makes by itself.
import { decodeArguments, encodeArguments } from '../../dist/runtime/call-arguments.js'

const haveSameMap = new Function('a', 'b', 'return %HaveSameMap(a, b)')
const make = () => [
  { id: 1, name: 'a', price: 1.5, isNew: true, none: null },
  { outer: { inner: { list: [1, 2, 3] }, at: new Date(0), empty: {} } },
  { missing: undefined, after: 1 },
  { buffer: Buffer.from('a'), bytes: new Uint8Array(1), map: new Map([['a', { b: 1 }]]) },
  [1, 2, 3],
  [1.5, 2.5],
  ['a', { b: 1 }, [new Date(0)], undefined],
  [],
  { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12 },
]

function differences(a, b, place) {
  if (typeof a !== 'object' || a === null) return []
  const inside =
    a instanceof Map
      ? [...a].flatMap(([key, item]) => differences(item, b.get(key), `${place}.${key}`))
      : ArrayBuffer.isView(a)
        ? []
        : Object.keys(a).flatMap((key) => differences(a[key], b[key], `${place}.${key}`))
  return haveSameMap(a, b) ? inside : [place, ...inside]
}

const [text] = process.argv.slice(2)
if (text === undefined) {
  process.stdout.write(JSON.stringify(encodeArguments(make(), undefined).value))
} else {
  const early = decodeArguments(text, undefined)
  const made = make()
  const late = decodeArguments(text, undefined)
  console.log(
    JSON.stringify({
      early: differences(made, early, 'args'),
      late: differences(made, late, 'args'),
      cloned: differences(made, structuredClone(made), 'args'),
    }),
  )
}
