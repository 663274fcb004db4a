import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { NameClaim } from './claim.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-claim-'))
const out = path.join(folder, 'app.prewarm')
const claimFile = `${out}.claim`
const rootVariable = 'PREWARM_RECORDER_PID'

beforeEach(() => {
  Reflect.deleteProperty(process.env, rootVariable)
})
afterAll(() => {
  Reflect.deleteProperty(process.env, rootVariable)
  rmSync(folder, { recursive: true })
})

it('gives the name to the first that asks, until the first process of the tree ends', () => {
  const root = new NameClaim(out)
  const child = new NameClaim(out)
  expect([root.isRoot, child.isRoot]).toEqual([true, false])
  expect([child.take(), root.take(), child.take()]).toEqual([true, false, true])
  child.release()
  expect(new NameClaim(out).take()).toBe(false)
  root.release()
  expect(existsSync(claimFile)).toBe(false)
})

it('is not held up by what a killed process left behind', () => {
  writeFileSync(claimFile, '')
  const root = new NameClaim(out)
  expect(root.take()).toBe(true)
  root.release()
})

it('has nothing to share where every process has a name of its own, or cannot write', () => {
  for (const each of [path.join(folder, '{pid}.prewarm'), path.join(folder, 'none', 'a')]) {
    expect([new NameClaim(each).take(), new NameClaim(each).take()]).toEqual([true, true])
  }
  expect(existsSync(claimFile)).toBe(false)
})
