// A server for outbound calls that counts connections and requests.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

export const zipped = gzipSync('{"from":"gzip"}')

const answers = {
  '/redirect': (_request, response) => response.writeHead(302, { location: '/items/1?a=1' }).end(),
  '/gzip': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped),
  '/empty': (_request, response) => response.writeHead(204).end(),
  '/long': (_request, response) => response.end('x'.repeat(256 * 1024 + 1)),
  '/stream': async (_request, response) => {
    for (let chunk = 0; chunk < 8; chunk++) {
      response.write('y'.repeat(16 * 1024))
      await new Promise(setImmediate)
    }
    response.end()
  },
  /** Half of what it says. */
  '/broken': (_request, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('12345', () => response.socket.destroy())
  },
  '/hint': (_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    response.end('after a hint')
  },
}

export async function startUpstream() {
  const upstream = { hits: 0, connections: 0, connected: [] }
  const onRequest = async (request, response) => {
    upstream.hits++
    const body = await text(request)
    const answer = answers[request.url]
    response.setHeader('x-upstream', 'live')
    if (answer === undefined) response.end(`live ${request.url}${body && ` ${body}`}`)
    else answer(request, response)
  }
  const servers = []
  /** Idle connections of clients would keep the process for some seconds. */
  upstream.close = () => servers.forEach((server) => server.closeIdleConnections())
  const listen = async (server) => {
    servers.push(server)
    server.on('connection', () => upstream.connections++)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    server.unref()
    return `127.0.0.1:${server.address().port}`
  }
  upstream.http = `http://${await listen(http.createServer(onRequest))}`
  if (process.env.KEY) {
    const files = { key: readFileSync(process.env.KEY), cert: readFileSync(process.env.CERT) }
    upstream.https = `https://${await listen(https.createServer(files, onRequest))}`
  }
  return upstream
}
