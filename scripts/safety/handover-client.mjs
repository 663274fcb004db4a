/**
 * The client of scripts/safety/handover.mjs, a process of its own: asks without a pause until it is told to stop, and then
 * says what became of it. Usage: fork(this, [port]), then send it anything.
 */
import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const port = Number(process.argv[2])
const intervalMs = 10
const answerMs = 60_000
const wanted = [
  { path: '/primes/300', body: (text) => JSON.parse(text).at(-1) === 293 },
  { path: '/words/to%20be%20or%20not%20to%20be', body: (text) => JSON.parse(text).be === 2 },
]
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
const result = { fresh: 0, kept: 0, reset: 0, retried: 0, connections: 0, failures: [] }
let isOver = false
process.once('message', () => {
  isOver = true
})

const pending = new Set()
const keeping = keep()
while (!isOver) {
  const asking = ask(false, result.fresh++).finally(() => pending.delete(asking))
  pending.add(asking)
  await pause(intervalMs)
}
await Promise.all([keeping, ...pending])
agent.destroy()
process.send(result, () => process.disconnect())

/** One connection for one request after the other. */
async function keep() {
  while (!isOver) {
    await ask(true, result.kept++)
    await pause(intervalMs)
  }
}

async function ask(isKept, number) {
  const { path, body } = wanted[number % wanted.length]
  const failure = await attempt(isKept, path, body)
  if (failure === undefined) return
  const { reason, isReset, isReused } = failure
  // Both have sent a request that may be repeated and have got no byte of an answer; but only on a connection that has
  // been used before may the other side be closing it with good reason (RFC 9112, 9.3.1).
  if (isReset) result[isReused ? 'retried' : 'reset']++
  if (isReset && (await again(path, body))) return
  result.failures.push(`${isKept ? 'kept' : 'fresh'} ${path}: ${reason}`)
}

async function again(path, body) {
  for (let time = 0; time < 3; time++) {
    const failure = await attempt(false, path, body)
    if (failure === undefined) return true
    if (!failure.isReset) return false
    result.reset++
  }
  return false
}

/** Resolves with what has gone wrong, if anything. */
function attempt(isKept, path, isRight) {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, agent: isKept ? agent : false }
    const request = http.get(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('error', ({ code }) => resolve({ reason: `${code} within the answer` }))
      response.on('end', () => {
        const isFine = response.statusCode === 200 && isRight(text)
        resolve(isFine ? undefined : { reason: `${response.statusCode} ${text.slice(0, 80)}` })
      })
    })
    request.once('socket', () => {
      if (!request.reusedSocket) result.connections++
    })
    request.setTimeout(answerMs, () => request.destroy(new Error('no answer')))
    request.on('error', ({ code, message }) => {
      const isReset = code === 'ECONNRESET' || code === 'EPIPE'
      resolve({ reason: code ?? message, isReset, isReused: request.reusedSocket })
    })
  })
}
