import { describe, expect, it } from 'vitest'
import type { OneFileData } from '../api.ts'
import { embed } from './one-file.ts'

const template =
  '<body><script type="application/json" id="prewarm-data">"prewarm-data-goes-here"</script><p></p></body>'

const dataOf = (name: string): OneFileData =>
  ({
    results: { name },
    curves: [],
    windows: [],
    reports: { name, reports: [] },
  }) as unknown as OneFileData

describe('embed', () => {
  it.each(['</script><script>alert(1)</script>', '<!--<script>', "$& $' $` $1", '\u2028 " \\'])(
    'keeps %j as data',
    (name) => {
      const page = embed(template, dataOf(name))
      const [, json = '', ...rest] = page.split(/<script[^>]*>|<\/script>/)
      expect(rest).toEqual(['<p></p></body>'])
      expect(json).not.toContain('<')
      expect(JSON.parse(json)).toEqual(dataOf(name))
    },
  )
})
