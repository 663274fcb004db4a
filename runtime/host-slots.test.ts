import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostSlots } from './host-slots.ts'
import { ownIdentity } from './process-identity.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-slots-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const slotFile = (): string => path.join(folder, readdirSync(folder)[0] ?? '')

it('are as many as there are, and can be taken again', () => {
  const slots = new HostSlots(folder, 2)
  const first = slots.take()
  expect(slots.take()).toBeDefined()
  expect(slots.take()).toBeUndefined()
  expect(new HostSlots(folder, 2).take()).toBeUndefined()
  first?.release()
  expect(new HostSlots(folder, 2).take()).toBeDefined()
  expect(readdirSync(folder)).toHaveLength(2)
})

it('leave nothing behind', () => {
  new HostSlots(folder, 1).take()?.release()
  expect(readdirSync(folder)).toEqual([])
})

it('names who holds it, for nobody else to read', () => {
  new HostSlots(folder, 1).take()
  expect(JSON.parse(readFileSync(slotFile(), 'utf8'))).toMatchObject({ pid: process.pid })
  expect(statSync(slotFile()).mode & 0o777).toBe(0o644)
})

it('is free when its holder is gone', async () => {
  const slots = new HostSlots(folder, 1)
  const slot = slots.take()
  const holder = spawn('sleep', ['60'])
  const identity = { ...ownIdentity(), pid: holder.pid, startTicks: ticksOf(holder.pid) }
  writeFileSync(slotFile(), JSON.stringify(identity))
  expect(slots.take()).toBeUndefined()
  // It is another one's by now.
  slot?.release()
  expect(readdirSync(folder)).toHaveLength(1)
  holder.kill('SIGKILL')
  await once(holder, 'close')
  expect(slots.take()).toBeDefined()
  expect(slots.take()).toBeUndefined()
  expect(readdirSync(folder)).toHaveLength(1)
})

it('is free when another process has the number of its holder now', () => {
  const slots = new HostSlots(folder, 1)
  slots.take()
  writeFileSync(slotFile(), JSON.stringify({ ...ownIdentity(), startTicks: '1' }))
  expect(slots.take()).toBeDefined()
})

it('is left to who may be about to write a name into it, and no longer', () => {
  const slots = new HostSlots(folder, 1)
  slots.take()
  writeFileSync(slotFile(), '')
  expect(slots.take()).toBeUndefined()
  expect(slots.take()).toBeDefined()
})

it("that is something else than a file is nobody's", () => {
  const slots = new HostSlots(folder, 2)
  slots.take()?.release()
  const own = ownIdentity()
  slots.take()
  const file = slotFile()
  rmSync(file)
  // Whoever reads from it waits for somebody to write.
  expect(spawnSync('mkfifo', [file]).status).toBe(0)
  expect(new HostSlots(folder, 1, own).take()).toBeUndefined()
  expect(new HostSlots(folder, 2, own).take()).toBeDefined()
})

it('are other ones in another container', () => {
  const own = ownIdentity()
  new HostSlots(folder, 1, own).take()
  const other = new HostSlots(folder, 1, { ...own, namespace: 'pid:[1]' })
  expect(other.take()).toBeDefined()
  expect(readdirSync(folder)).toHaveLength(2)
})

it('of containers that are long gone are cleared away, and nothing else', () => {
  const old = path.join(folder, 'prewarm.0123456789ab-1.slot')
  const fresh = path.join(folder, 'prewarm.0123456789ab-2.slot')
  const another = path.join(folder, 'prewarm.slot')
  for (const file of [old, fresh, another]) writeFileSync(file, '')
  for (const file of [old, another]) utimesSync(file, 0, 0)
  new HostSlots(folder, 1).take()?.release()
  expect(readdirSync(folder).sort()).toEqual(['prewarm.0123456789ab-2.slot', 'prewarm.slot'])
})

it('are never shared by two of many processes that start at once', async () => {
  const script = `
    import { appendFileSync } from 'node:fs'
    const { HostSlots } = await import(${JSON.stringify(new URL('../dist/runtime/host-slots.js', import.meta.url).href)})
    const slots = new HostSlots(process.argv[1], 2)
    for (let turn = 0; turn < 20; ) {
      const slot = slots.take()
      if (slot === undefined) continue
      turn++
      appendFileSync(process.argv[2], '+')
      const end = performance.now() + 0.3
      while (performance.now() < end);
      appendFileSync(process.argv[2], '-')
      slot.release()
    }`
  const log = path.join(folder, 'log')
  const args = ['--input-type=module', '-e', script, folder, log]
  const ended = Array.from({ length: 5 }, () => once(spawn(process.execPath, args), 'close'))
  for (const [code] of await Promise.all(ended)) expect(code).toBe(0)
  let held = 0
  let most = 0
  for (const sign of readFileSync(log, 'utf8')) {
    held += sign === '+' ? 1 : -1
    most = Math.max(most, held)
  }
  expect(held).toBe(0)
  expect(most).toBe(2)
})

it('throw where there is no folder', () => {
  expect(() => new HostSlots(path.join(folder, 'none'), 1).take()).toThrow('ENOENT')
})

function ticksOf(pid: number | undefined): string | null {
  const stat = spawnSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' }).stdout
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}
