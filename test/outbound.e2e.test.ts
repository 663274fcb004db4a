import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { OutboundAnswer, OutboundCall } from '../runtime/effects/sink.ts'
import { makeCertificate } from './certificate.ts'
import { app, nodeLines, runToEnd, scratchFolder } from './harness.ts'

const certificate = makeCertificate(scratchFolder())
const hooks = pathToFileURL(app('outbound-sink.mjs')).href

/** What came of a call, and what the upstream noticed of it. */
interface Seen {
  readonly outcome: unknown
  readonly calls: readonly OutboundCall[]
  /** Sockets, and writes to them, that would have been taken for something else than HTTP. */
  readonly misunderstood: number
  readonly records: readonly (Omit<OutboundAnswer, 'body'> & { body: string })[]
  readonly hits: number
  readonly connections: number
}

interface Verdicts {
  readonly cold: { readonly refused: Seen; readonly answered: Seen }
  readonly live: Seen
  readonly recorded: Seen
  readonly answered: Seen
  readonly refused: Seen
  readonly passed: Seen
  readonly parallel: { taped: unknown[]; live: unknown[]; hits: number }
  readonly after: Seen
}

describe.each(nodeLines)('on Node %s', (_line, node) => {
  /** The process has to end by itself, and the pools of the application must hold nothing of the tape. */
  async function run(scenario: string): Promise<Record<string, unknown>> {
    const args = ['--import', hooks, app('outbound.mjs'), scenario]
    const { code, stdout, stderr } = await runToEnd(node, args, { ...certificate })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { strangers, ...results } = JSON.parse(stdout) as Record<string, unknown>
    expect(strangers).toEqual([])
    return results
  }

  describe('every client', () => {
    let results: [string, Verdicts][]
    const untouched = { hits: 0, connections: 0 }
    const refusal = { error: 'refused by the sink' }

    beforeAll(async () => {
      results = Object.entries((await run('verdicts')) as Record<string, Verdicts>)
    })

    /** Says which client it was about. */
    const each = (check: (verdicts: Verdicts, client: string) => void): void => {
      expect(results.length).toBeGreaterThan(28)
      for (const [client, verdicts] of results) {
        try {
          check(verdicts, client)
        } catch (error) {
          throw new Error(client, { cause: error })
        }
      }
    }
    const live = { status: 200, body: expect.stringMatching(/^live \/items\/1/) as string }
    const taped = { status: 203, body: 'taped items/1' }

    it('is told of, and recorded while it gets its answer', () => {
      each(({ recorded }, client) => {
        expect(recorded).toMatchObject({ outcome: live, hits: 1 })
        const method = client.includes('POST') ? 'POST' : 'GET'
        const url = expect.stringMatching(/^https?:\/\/127\.0\.0\.1:\d+\/items\/1$/) as string
        expect(recorded.calls).toEqual([{ method, url, canBeTaped: true }])
        expect(recorded.records).toMatchObject([recorded.outcome])
        expect(recorded.records[0]?.headers.slice(0, 2)).toEqual(['x-upstream', 'live'])
      })
    })

    it('is answered from the tape though it has a live connection, and reaches nobody', () => {
      each(({ answered }) => {
        expect(answered).toMatchObject({ outcome: taped, ...untouched })
        expect(answered.calls).toHaveLength(1)
      })
    })

    it('is refused though it has a live connection, and reaches nobody', () => {
      each(({ refused }) => {
        expect(refused).toMatchObject({ outcome: refusal, ...untouched })
      })
    })

    it('is answered and refused before it has ever had a connection', () => {
      each(({ cold }, client) => {
        expect(cold.refused).toMatchObject({ outcome: refusal, hits: 0 })
        expect(cold.answered).toMatchObject({ outcome: taped, hits: 0 })
        // A copy that nobody could know of connects, sends nothing, and is known from then on.
        if (!client.startsWith('bundled')) expect(cold.refused.connections).toBe(0)
        expect(cold.answered.connections).toBe(0)
      })
    })

    it('goes its way when it is let go', () => {
      each(({ passed }) => {
        expect(passed).toMatchObject({ outcome: live, hits: 1 })
      })
    })

    it('gets twenty answers at once, each its own, while calls of others go their way', () => {
      each(({ parallel }) => {
        const numbers = Array.from({ length: 20 }, (_, index) => index)
        expect(parallel.taped).toEqual(
          numbers.map((number) => ({
            status: 203,
            body: `taped ${`items/1/${number}`.slice(-7)}`,
          })),
        )
        expect(parallel.live).toEqual(
          numbers.map((number) => {
            const body = expect.stringMatching(new RegExp(`^live /items/2/${number}\\b`)) as string
            return { status: 200, body }
          }),
        )
        expect(parallel.hits).toBe(20)
      })
    })

    it('is told of once: its sockets are known as its own', () => {
      each(({ recorded, answered, refused, passed }) => {
        const counts = [recorded, answered, refused, passed].map((seen) => seen.misunderstood)
        expect(counts).toEqual([0, 0, 0, 0])
      })
    })

    it('goes live afterwards', () => {
      each(({ after }) => {
        expect(after).toMatchObject({ outcome: live, hits: 1 })
      })
    })

    it.runIf(certificate)('may use TLS', () => {
      const isSecure = ([, { recorded }]: [string, Verdicts]): boolean =>
        recorded.calls[0]?.url.startsWith('https:') ?? false
      expect(results.filter(isSecure)).toHaveLength(4)
    })
  })

  it('a first fetch is answered, and nothing has loaded undici before', async () => {
    const { code, stdout, stderr } = await runToEnd(node, [
      ...['--import', hooks, app('outbound-first-fetch.cjs')],
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      before: false,
      outcome: 'taped',
      hitsByTape: 0,
      live: 'live',
      names: ['fetch', 1],
    })
  })

  it('records answers as they are received, and none that breaks off or is too long', async () => {
    const { redirect, early, slowly, head, ...clients } = await run('recording')
    for (const records of Object.values(clients)) {
      expect(records).toMatchObject({
        gzip: [true],
        empty: [{ status: 204, body: '' }],
        long: [null],
        broken: [null],
        hint: [{ status: 200, body: 'after a hint' }],
      })
    }
    expect(Object.keys(clients)).toHaveLength(5)
    expect(redirect).toMatchObject({
      outcome: { status: 200, body: 'live /items/1?a=1' },
      records: [{ status: 302 }, { status: 200, body: 'live /items/1?a=1' }],
    })
    expect(early).toMatchObject({
      http: { outcome: 'destroyed', records: [null] },
      fetch: { outcome: 'destroyed', records: [null] },
      ignored: { outcome: 'ignored', records: [{ status: 200, body: '' }] },
    })
    const stream = { outcome: 131_072, records: [{ status: 200, body: 'y'.repeat(131_072) }] }
    expect(slowly).toMatchObject({ http: stream, fetch: stream })
    expect(head).toMatchObject({ outcome: 200, records: [{ status: 200, body: '' }] })
  })

  it('answers each hop, slow readers, and those that break off or read nothing', async () => {
    const { early, slowly, ...others } = (await run('answering')) as Record<string, Seen> & {
      early: Record<string, Seen>
      slowly: Record<string, Seen>
    }
    const all = [early, slowly, others].flatMap((group) => Object.values(group))
    for (const { hits, connections } of all)
      expect({ hits, connections }).toEqual({ hits: 0, connections: 0 })
    expect(early).toMatchObject({
      http: { outcome: 'destroyed' },
      fetch: { outcome: 'destroyed' },
      ignored: { outcome: 'ignored' },
    })
    expect(slowly).toMatchObject({ http: { outcome: 300_000 }, fetch: { outcome: 300_000 } })
    const taped = { outcome: { status: 203, body: 'taped items/1' } }
    const empty = { outcome: { status: 204, body: '' } }
    expect(others).toMatchObject({
      redirect: { ...taped, calls: [{}, {}] },
      empty,
      emptyFetch: empty,
      head: { outcome: { status: 203, length: '7' } },
      again: taped,
      againFetch: taped,
    })
  })
})
