import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { fillTemplate, withPid, writeWhole } from './writer.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-writer-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it('fills templates in with what is safe in a file name', () => {
  expect(fillTemplate('{name}-{pid}.prewarm', '@org/shop:src/main.js')).toBe(
    `-org-shop-src-main.js-${process.pid}.prewarm`,
  )
  expect(fillTemplate('{timestamp}', 'x')).toMatch(/^\d{8}T\d{6}Z$/)
  expect(withPid('/a/app.prewarm')).toBe(`/a/app-${process.pid}.prewarm`)
})

it('replaces a file whole, and leaves the old one when it cannot', () => {
  const file = path.join(folder, 'a.prewarm')
  writeFileSync(file, 'old')
  writeWhole(file, Buffer.from('new'))
  expect(readFileSync(file, 'utf8')).toBe('new')
  const blocked = path.join(folder, 'none', 'a.prewarm')
  expect(() => {
    writeWhole(blocked, Buffer.from('new'))
  }).toThrow(expect.objectContaining({ code: 'ERR_PREWARM_REC_WRITE' }) as Error)
  expect(readdirSync(folder)).toEqual(['a.prewarm'])
})
