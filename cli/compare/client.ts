/**
 * The client process: started once, warmed on a server of its own, then told over IPC what to send where. It
 * lives longer than every measured service, so that its own warm-up is in none of the figures.
 */
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf } from '../../formats/errors.ts'
import { drive } from './drive.ts'
import type { ClientAnswer, ClientTask, Driven } from './messages.ts'
import { driveAtRate } from './open-loop.ts'

/** Of the warm-up of the open loop: fast, and slow enough for every machine. */
const warmRatePerSecond = 2000
/** Of the requests of the warm-up, those that are sent at a rate. */
const warmRateShare = 1 / 3

process.on('message', (task: ClientTask) => {
  perform(task).then(
    (driven) => {
      answer({ type: 'done', ...driven })
    },
    (error: unknown) => {
      answer({ type: 'failed', message: messageOf(error) })
    },
  )
})
process.on('disconnect', () => process.exit())
// The terminal sends Ctrl-C to everyone; the driver decides when we end.
process.on('SIGINT', () => undefined)

function answer(message: ClientAnswer): void {
  process.send?.(message)
}

function perform(task: ClientTask): Promise<Driven> {
  if (task.type === 'warm') return warm(task)
  const { target, requests, rounds, ratePerSecond } = task
  return ratePerSecond === null
    ? drive(target, requests, rounds)
    : driveAtRate(target, requests, rounds, ratePerSecond)
}

async function warm({
  requests,
  count,
  isOpenLoop,
}: Extract<ClientTask, { type: 'warm' }>): Promise<Driven> {
  const body = Buffer.alloc(2048, 'x')
  const server = http.createServer((request, response) => {
    request.resume()
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const target = { kind: 'port', host: '127.0.0.1', port, secure: false } as const
  try {
    const rounds = Math.ceil(count / requests.length)
    if (isOpenLoop) {
      await driveAtRate(target, requests, Math.ceil(rounds * warmRateShare), warmRatePerSecond)
    }
    return await drive(target, requests, rounds)
  } finally {
    server.close()
  }
}
