'use strict'

const http = require('node:http')
const { parseArgs } = require('node:util')

const usage = `node traffic.js --url http://127.0.0.1:3000 [--seconds 10] [--requests 2000]
                [--connections 4] [--seed 1]
node traffic.js --print N [--seed 1]

Sends a realistic mix of requests, each connection waiting for its answer before it asks again, until
the seconds or the requests are spent; 10 seconds when neither is given. Any other status than 200
makes it fail. --print writes N requests as JSON and sends nothing.
`

const options = {
  url: { type: 'string' },
  seconds: { type: 'string' },
  requests: { type: 'string' },
  connections: { type: 'string', default: '4' },
  seed: { type: 'string', default: '1' },
  print: { type: 'string' },
  help: { type: 'boolean', default: false },
}

/** What `traffic.js` of a sample does with its command line. `streamRequests(seed)` yields `{ method, path, headers, body }`. */
async function runTraffic(streamRequests) {
  try {
    await obey(streamRequests)
  } catch (error) {
    process.stderr.write(`traffic: ${error.message}\n`)
    process.exitCode = 1
  }
}

async function obey(streamRequests) {
  const { values } = parseArgs({ options })
  const stream = streamRequests(positive('seed', values.seed))
  if (values.help) {
    process.stdout.write(usage)
  } else if (values.print !== undefined) {
    const count = positive('print', values.print)
    const requests = Array.from({ length: count }, () => stream.next().value)
    process.stdout.write(`${JSON.stringify(requests, null, 2)}\n`)
  } else if (values.url === undefined) {
    throw new Error(`--url is missing\n${usage}`)
  } else {
    const result = await drive({ ...limits(values), url: values.url, stream })
    process.stdout.write(`${summarise(result)}\n`)
    if (result.unexpected.length > 0) process.exitCode = 1
  }
}

function limits({ seconds, requests, connections }) {
  const isBounded = seconds !== undefined || requests !== undefined
  return {
    connectionCount: positive('connections', connections),
    requestLimit: requests === undefined ? Infinity : positive('requests', requests),
    durationMs:
      isBounded && seconds === undefined ? Infinity : 1000 * positive('seconds', seconds ?? '10'),
  }
}

function positive(name, text) {
  const value = Number(text)
  if (value > 0) return value
  throw new Error(`--${name} needs a positive number, not ${text}`)
}

/** A closed loop: as many requests are on their way as there are connections, never more. */
async function drive({ url, stream, connectionCount, requestLimit, durationMs }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connectionCount })
  const startedAt = performance.now()
  const latenciesMs = []
  const unexpected = []
  let sentCount = 0

  async function loop() {
    while (sentCount < requestLimit && performance.now() - startedAt < durationMs) {
      sentCount += 1
      const request = stream.next().value
      const sentAt = performance.now()
      const status = await send(url, agent, request)
      latenciesMs.push(performance.now() - sentAt)
      if (status !== 200) unexpected.push(`${status} for ${request.method} ${request.path}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: connectionCount }, loop))
  } finally {
    // After a broken connection this also ends the other loops.
    agent.destroy()
  }
  return { latenciesMs, unexpected, elapsedMs: performance.now() - startedAt }
}

/** Sends one request, reads the answer to its end and resolves to its status. */
function send(url, agent, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(new URL(path, url), { method, headers, agent }, (answer) => {
      answer.on('error', reject)
      answer.on('end', () => resolve(answer.statusCode))
      answer.resume()
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function summarise({ latenciesMs, unexpected, elapsedMs }) {
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  const quantile = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(2)
  const perSecond = Math.round((1000 * sorted.length) / elapsedMs)
  const failures = unexpected.length === 0 ? '' : `, first: ${unexpected[0]}`
  return (
    `${sorted.length} requests in ${(elapsedMs / 1000).toFixed(2)} s (${perSecond}/s), ` +
    `p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, unexpected ${unexpected.length}${failures}`
  )
}

module.exports = { runTraffic }
