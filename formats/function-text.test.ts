import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findFunctions, headHashOf, type FunctionSource } from './function-text.ts'
import { sha256 } from './hash.ts'

function sourceOf(text: string): FunctionSource {
  return { length: text.length, sourceHash: sha256(text), headHash: headHashOf(text) }
}

describe('functions of another version of a text', () => {
  const total = '(lines) {\n  return lines.reduce((sum, { price }) => sum + price, 0)\n}'
  const twice = '(value) {\n  return lines.reduce((sum, { price }) => sum + price, 1)\n}'
  const tiny = '(){}'

  it('are found where they stand now', () => {
    const text = `// moved\nfunction total${total}\nconst none = function ${tiny}\nfunction twice${twice}\n`
    expect(findFunctions(text, [total, twice, tiny].map(sourceOf))).toEqual([
      text.indexOf(total),
      text.indexOf(twice),
      text.indexOf(tiny),
    ])
  })

  it('are not when they were edited, or when nothing was recorded to look for them by', () => {
    const text = `function total${total.replace('0)', '2)')}`
    expect(findFunctions(text, [sourceOf(total)])).toEqual([undefined])
    const old = { ...sourceOf(total), headHash: undefined }
    expect(findFunctions(`function total${total}`, [old])).toEqual([undefined])
    expect(findFunctions('', [sourceOf(total)])).toEqual([undefined])
  })

  it('have a place each, in their order, where their sources are the same', () => {
    const text = `a${tiny} b${tiny} c${total}`
    expect(findFunctions(text, [tiny, tiny, tiny].map(sourceOf))).toEqual([1, 7, undefined])
  })

  it('are found in any text around them, with whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 })),
          {
            maxLength: 12,
          },
        ),
        (parts) => {
          const text = parts.flat().join('')
          const functions = parts.map(([, source]) => sourceOf(source))
          for (const [index, at] of findFunctions(text, functions).entries()) {
            const source = parts[index]?.[1] ?? ''
            // Those that lie inside of each other may take the place of one another.
            if (at !== undefined) expect(text.slice(at, at + source.length)).toBe(source)
            else expect(parts.filter(([, other]) => other === source).length).toBeGreaterThan(1)
          }
        },
      ),
    )
  })
})
