import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { MeasuredRequest, Target } from './messages.ts'
import { driveAtRate } from './open-loop.ts'

let server: http.Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(answer: http.RequestListener): Promise<Target> {
  server = http.createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { kind: 'port', host: '127.0.0.1', port, secure: false }
}

const requests = ['/a', '/b'].map((path): MeasuredRequest => ({
  route: path,
  method: 'GET',
  path,
  headers: {},
  body: null,
  recordedStatus: null,
}))

test('answers are kept in the order in which requests were due, not in that in which they came', async () => {
  const target = await serve((request, response) => {
    // The second of a round is answered before the first.
    const slow = request.url === '/a'
    setTimeout(() => response.writeHead(slow ? 201 : 202).end(), slow ? 30 : 0)
  })
  const driven = await driveAtRate(target, requests, 3, 500)
  expect([...driven.statuses]).toEqual([201, 202, 201, 202, 201, 202])
  expect([...driven.latenciesMs].filter((_, index) => index % 2 === 0).every((ms) => ms > 29)).toBe(
    true,
  )
  expect(driven.sendDelayP99Ms).toBeGreaterThanOrEqual(0)
  expect(driven.clientCores).toBeGreaterThanOrEqual(0)
})

test('whoever is due while the service stands still has waited since then', async () => {
  let hasStalled = false
  const target = await serve((_, response) => {
    response.end()
    if (hasStalled) return
    hasStalled = true
    const until = performance.now() + 200
    while (performance.now() < until);
  })
  // The service is in this process, so that the client stands still as well: nothing is answered until 200 ms after the first
  // request was due, and a new one is due every 10 ms.
  const { latenciesMs } = await driveAtRate(target, requests, 10, 100)
  expect(latenciesMs).toHaveLength(20)
  expect([...latenciesMs].filter((ms, index) => ms < 199 - index * 10)).toEqual([])
})

test('a request that fails ends it with its name and the rate', async () => {
  const target = await serve((request, response) => {
    if (request.url === '/b') request.socket.destroy()
    else response.end()
  })
  await expect(driveAtRate(target, requests, 50, 1000)).rejects.toThrow(
    /GET \/b: .*\(1000 requests a second may be more than it can take\)/,
  )
})
