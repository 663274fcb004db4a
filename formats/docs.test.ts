import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codesDocument, withFormatTables, withSettingTables, withVariableTables } from './docs.ts'
import { effectSchema } from './effects.ts'
import { errorCodes } from './errors.ts'
import * as profileModule from './profile.ts'
import { reasons } from './reasons.ts'
import { recordSettings, replaySettings } from './settings.ts'

const formatDocument = readFileSync(new URL('FORMAT.md', import.meta.url), 'utf8')
const codes = readFileSync(new URL('../docs/codes.md', import.meta.url), 'utf8')

/** The codes in the first column of the table below a heading. */
function codesBelow(heading: string): string[] {
  const section = codes.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] ?? '')
}

describe('FORMAT.md', () => {
  it('is up to date; otherwise: npm run docs', () => {
    expect(withFormatTables(formatDocument)).toBe(formatDocument)
  })

  it('describes every record of the format', () => {
    const names = [...Object.values(profileModule), effectSchema].flatMap((value) =>
      typeof value === 'object' && 'fields' in value ? [value.name] : [],
    )
    expect(names.length).toBeGreaterThan(0)
    const headings = [...formatDocument.matchAll(/^### (\w+)$/gm)].map((match) => match[1])
    expect(headings.sort()).toEqual(names.sort())
  })

  it('cannot lose its markers unnoticed', () => {
    expect(() => withFormatTables('# Format')).toThrow('no markers for sections')
  })
})

describe('docs/codes.md', () => {
  it('is up to date; otherwise: npm run docs', () => {
    expect(codes).toBe(codesDocument())
  })

  it('lists exactly the error codes', () => {
    expect(codesBelow('Errors')).toEqual(Object.keys(errorCodes))
  })

  it('lists exactly the reasons', () => {
    expect(codesBelow('Reasons')).toEqual(Object.keys(reasons))
  })
})

describe('the tables of settings', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const configuration = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8')

  it('are up to date; otherwise: npm run docs', () => {
    expect(withVariableTables(readme)).toBe(readme)
    expect(withSettingTables(configuration)).toBe(configuration)
  })

  it('have every setting', () => {
    for (const [key, { env }] of Object.entries({ ...recordSettings, ...replaySettings })) {
      expect(readme).toContain(`| \`${env}\``)
      expect(configuration).toMatch(new RegExp(`^\\| \`${key}\` .*\`${env}\``, 'm'))
    }
  })

  it('cannot lose their markers unnoticed', () => {
    expect(() => withVariableTables('# prewarm')).toThrow('no markers for replay settings')
  })
})
