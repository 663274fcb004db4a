import { readFileSync } from 'node:fs'
import https from 'node:https'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { makeCertificate } from './certificate.ts'
import { app, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

const folder = scratchFolder()
const certificate = makeCertificate(folder)
const files = { ...(certificate ?? { KEY: '', CERT: '' }) }

const script = app('secure.cjs')
const paths = ['/', '/items/1', '/items/2', '/items/3']

describe.runIf(certificate !== undefined).each(nodeLines)('on Node %s', (line, node) => {
  it('an https server is recorded, rehearsed and served as ever', async () => {
    const profile = path.join(folder, `https-${line}.prewarm`)
    const recorded = await record(node, script, profile, (url) => askSecurely(url), files)
    expect(recorded.meta.requestCount).toBe(3 * paths.length)
    expect(recorded.requests.servers).toMatchObject([{ kind: 'https', ordinal: 0 }])

    const service = await replay(node, script, profile, { ...files, PREWARM_ROUNDS: '5' })
    const report = await reportOf(`${profile}.report.json`)
    const body = await getSecurely(service.url, '/items/2')
    expect(await service.stop()).toBe(0)
    // Among other things no 'tlsClientError', before or after opening.
    expect(service.stderr()).toBe('')
    expect(JSON.parse(body)).toEqual({ url: '/items/2', encrypted: true })
    expect(report.outcome).toBe('applied')
    expect(Object.keys(report.rehearsal.skipped)).toEqual(['HELD_OUT'])
    expect(report.rehearsal.applied).toBeGreaterThan(0)
    expect(report.rehearsal).toMatchObject({ rounds: 5, stopped: 'cap' })
  })

  it.each(['TLSv1.2', 'TLSv1.3'])(
    'a server that asks for client certificates over %s opens at once',
    async (tls) => {
      const profile = path.join(folder, `clients-${tls}-${line}.prewarm`)
      const env = { ...files, CLIENTS: '1', TLS: tls }
      await record(node, script, profile, (url) => askSecurely(url), env)

      const service = await replay(node, script, profile, env)
      const report = await reportOf(`${profile}.report.json`)
      const body = await getSecurely(service.url, '/')
      expect(await service.stop()).toBe(0)
      expect(JSON.parse(body)).toEqual({ url: '/', encrypted: true })
      expect(service.stderr()).not.toContain('after opening')
      expect(report.rehearsal).toMatchObject({ applied: 0, requests: 0, stopped: 'PROTOCOL' })
      expect(report.rehearsal.rounds).toBeLessThanOrEqual(3)
    },
  )
})

async function askSecurely(url: string): Promise<void> {
  for (let time = 0; time < 3; time++) for (const each of paths) await getSecurely(url, each)
}

/** Body of the answer, over a connection that shows the client's certificate; rejects unless the status is 200. */
async function getSecurely(url: string, target: string): Promise<string> {
  const cert = readFileSync(files.CERT)
  const tls = { ca: cert, cert, key: readFileSync(files.KEY), agent: false as const }
  const { port } = new URL(url)
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    https.get({ ...tls, host: '127.0.0.1', port, path: target }, resolve).once('error', reject)
  })
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`${target}: ${response.statusCode} ${body}`)
  return body
}
