import { appendFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LiveEvent } from '../api.ts'
import { Scene, type TestApp } from './fixtures/scene.ts'

const name = '1795800000000-42.live.jsonl'
const line = (ms: number): string => `${JSON.stringify({ type: 'listen', ms })}\n`

let scene: Scene
let app: TestApp
let file: string

beforeEach(async () => {
  scene = new Scene()
  scene.writeUsual()
  file = scene.write(`files/${name}`, line(1))
  app = await scene.app()
})

afterEach(() => {
  scene.remove()
})

/** Reads a stream as an EventSource does. */
class Events {
  lastId = ''
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #text = ''

  async open(lastEventId?: string): Promise<this> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    const response = await app.ask('/api/live', { headers })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    this.#reader = response.body?.getReader()
    return this
  }

  /** The next event with data, or, as an empty one, the next id without. */
  async next(): Promise<LiveEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end < 0) {
        const chunk = await this.#reader?.read()
        this.#text += new TextDecoder().decode(chunk?.value)
        continue
      }
      const fields = this.#text.slice(0, end).split('\n')
      this.#text = this.#text.slice(end + 2)
      const valueOf = (field: string): string | undefined =>
        fields.find((each) => each.startsWith(`${field}: `))?.slice(field.length + 2)
      const [id, data] = [valueOf('id'), valueOf('data')]
      if (id !== undefined) this.lastId = id
      if (data !== undefined) return JSON.parse(data) as LiveEvent
      if (id !== undefined) return undefined
    }
  }

  async close(): Promise<void> {
    await this.#reader?.cancel()
  }
}

test('sends what there is, and then what comes', async () => {
  const events = await new Events().open()
  const id = await app.idOf(name)
  expect(await events.next()).toEqual({
    file: { id, name },
    change: 'begin',
    lines: [{ type: 'listen', ms: 1 }],
  })
  expect(events.lastId).toBe('')
  expect(await events.next()).toBeUndefined()
  appendFileSync(file, line(2))
  expect(await events.next()).toMatchObject({ change: 'more', lines: [{ ms: 2 }] })
  await events.close()
})

test('sends what was missed to who says what was last, and all to who speaks of another start', async () => {
  const events = await new Events().open()
  await events.next()
  await events.next()
  await events.close()
  appendFileSync(file, line(2))
  const back = await new Events().open(events.lastId)
  expect(await back.next()).toMatchObject({ change: 'more', lines: [{ ms: 2 }] })
  await back.close()
  for (const foreign of ['other.1', 'x', `${events.lastId}x`]) {
    const anew = await new Events().open(foreign)
    expect(await anew.next()).toMatchObject({ change: 'begin', lines: [{ ms: 1 }, { ms: 2 }] })
    await anew.close()
  }
})
