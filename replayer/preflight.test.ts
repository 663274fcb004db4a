import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { limits } from '../formats/limits.ts'
import { preflight } from './preflight.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-preflight-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('a file over the limit is refused unread', () => {
  const file = path.join(folder, 'huge')
  writeFileSync(file, '')
  truncateSync(file, limits.fileBytes + 1)
  const before = process.memoryUsage.rss()
  expect(preflight(file)).toMatchObject({ reason: 'PROFILE_CORRUPT' })
  expect(process.memoryUsage.rss() - before).toBeLessThan(limits.fileBytes / 2)
})

test('what is not a file is refused unread: a pipe may never end', () => {
  expect(preflight(folder)).toMatchObject({ reason: 'NO_PROFILE' })
  if (process.platform === 'win32') return
  const pipe = path.join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  expect(preflight(pipe)).toMatchObject({ reason: 'NO_PROFILE' })
})
