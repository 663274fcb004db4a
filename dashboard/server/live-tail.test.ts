import { appendFileSync, renameSync, rmSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { liveLimits } from '../../formats/live.ts'
import type { LiveEvent } from '../api.ts'
import { Scene } from './fixtures/scene.ts'
import { openPaths } from './folder-scan.ts'
import { Library } from './library.ts'
import { LiveTail } from './live-tail.ts'

const name = '1795800000000-42.live.jsonl'
const line = (ms: number): string => `${JSON.stringify({ type: 'listen', ms })}\n`

let scene: Scene
let file: string

beforeEach(() => {
  scene = new Scene()
  file = scene.write(`live/${name}`, line(1))
})

afterEach(() => {
  scene.remove()
})

/** Events as `change name: ms ms`. */
class Listener {
  readonly heard: string[] = []
  number = 0
  stop: () => void = () => undefined
  readonly #tail: LiveTail

  constructor(tail: LiveTail) {
    this.#tail = tail
  }

  async begin(since = 0): Promise<this> {
    this.stop = await this.#tail.listen(
      since,
      (events, number) => {
        for (const event of events) this.#hear(event)
        this.number = number
      },
      (event, number) => {
        this.#hear(event)
        this.number = number
      },
    )
    return this
  }

  /** What was heard since the last time, once the folders were looked at. */
  async news(): Promise<readonly string[]> {
    await this.#tail.look(true)
    return this.heard.splice(0)
  }

  #hear({ file: { name: of }, change, lines }: LiveEvent): void {
    this.heard.push(`${change} ${of}: ${lines.map(({ ms }) => ms).join(' ')}`.trim())
  }
}

async function tailOf(...paths: readonly string[]): Promise<LiveTail> {
  const opened = await openPaths(paths.map((each) => path.join(scene.folder, each)))
  const library = new Library(opened, () => Promise.resolve(''))
  return new LiveTail(
    library,
    opened.map((each) => each.path),
  )
}

test('tells what a file holds, and then each line that is appended, once it is whole', async () => {
  const listener = await new Listener(await tailOf('live')).begin()
  expect(await listener.news()).toEqual([`begin ${name}: 1`])
  appendFileSync(file, line(2) + line(3).slice(0, 5))
  expect(await listener.news()).toEqual([`more ${name}: 2`])
  appendFileSync(file, line(3).slice(5))
  expect(await listener.news()).toEqual([`more ${name}: 3`])
  expect(await listener.news()).toEqual([])
  listener.stop()
})

test('notices by itself', async () => {
  const listener = await new Listener(await tailOf('live')).begin()
  listener.heard.length = 0
  appendFileSync(file, line(2))
  scene.write('live/1795800000001-43.live.jsonl', line(7))
  while (listener.heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(listener.heard.sort()).toEqual(['begin 1795800000001-43.live.jsonl: 7', `more ${name}: 2`])
  listener.stop()
})

test('files that are new, in new folders too, that are gone, and come back', async () => {
  const listener = await new Listener(await tailOf('live')).begin()
  await listener.news()
  scene.write(`live/sub/${name}`, line(5))
  expect(await listener.news()).toEqual([`begin sub/${name}: 5`])
  renameSync(file, path.join(scene.folder, 'away'))
  expect(await listener.news()).toEqual([`gone ${name}:`])
  renameSync(path.join(scene.folder, 'away'), file)
  expect(await listener.news()).toEqual([`begin ${name}: 1`])
  listener.stop()
})

test('a file that is cut off or replaced begins anew', async () => {
  const listener = await new Listener(await tailOf('live')).begin()
  appendFileSync(file, line(2))
  await listener.news()
  truncateSync(file)
  appendFileSync(file, line(8))
  expect(await listener.news()).toEqual([`begin ${name}: 8`])
  const other = scene.write('other', line(9) + line(10) + line(11))
  renameSync(other, file)
  expect(await listener.news()).toEqual([`begin ${name}: 9 10 11`])
  listener.stop()
})

test('who comes back is told what was missed, and who comes anew everything', async () => {
  const tail = await tailOf('live')
  const first = await new Listener(tail).begin()
  first.stop()
  const { number } = first
  appendFileSync(file, line(2))
  scene.write('live/1795800000001-43.live.jsonl', line(7))
  const back = await new Listener(tail).begin(number)
  expect(back.heard.sort()).toEqual(['begin 1795800000001-43.live.jsonl: 7', `more ${name}: 2`])
  back.stop()
  rmSync(file)
  const third = await new Listener(tail).begin(back.number)
  expect(third.heard).toEqual([`gone ${name}:`])
  third.stop()
  const anew = await new Listener(tail).begin()
  expect(anew.heard).toEqual(['begin 1795800000001-43.live.jsonl: 7'])
  anew.stop()
})

test('lines that are none are left out, and a file that is longer than any is not read on', async () => {
  appendFileSync(file, 'null\n{"type":"listen"}\n\0\0\xff\n')
  appendFileSync(file, `${'x'.repeat(3 * 1024 * 1024)}\n`)
  appendFileSync(file, line(2))
  const listener = await new Listener(await tailOf('live')).begin()
  expect(await listener.news()).toEqual([`begin ${name}: 1 2`])
  appendFileSync(file, `${' '.repeat(liveLimits.fileBytes)}\n`)
  appendFileSync(file, line(3))
  expect(await listener.news()).toEqual([])
  listener.stop()
})

test('keeps the beginning and the end of a file with very many lines', async () => {
  const traffic = (ms: number): string =>
    `${JSON.stringify({ type: 'rehearsal', ms, rounds: ms, part: 0.5 })}\n`
  appendFileSync(file, Array.from({ length: 6000 }, (_, ms) => traffic(ms)).join(''))
  const tail = await tailOf('live')
  const first = await new Listener(tail).begin()
  first.stop()
  const { heard } = await new Listener(tail).begin()
  const told = heard[0]?.split(' ').slice(2).map(Number) ?? []
  expect(told).toHaveLength(2500)
  expect([told[0], told.at(-1)]).toEqual([1, 5999])
})

test('a file that is named by itself is followed', async () => {
  const listener = await new Listener(await tailOf(`live/${name}`)).begin()
  appendFileSync(file, line(2))
  expect(await listener.news()).toEqual([`begin ${name}: 1`, `more ${name}: 2`])
  listener.stop()
})
