// node:http2, with TLS when KEY and CERT name a key and a certificate, and with HTTP/1.1 besides when HTTP1=1.
// WRITES names a file that a request with a body writes to.
// API=stream uses its own interface, else the one that is compatible with node:http.
const fs = require('node:fs')
const http2 = require('node:http2')

const prewarm = () => globalThis[Symbol.for('prewarm')]
/** What was asked before opening, and how often. */
const rehearsed = {}
let sessions = 0
let atOpening

function answerTo(version, method, url, authority, body) {
  if (prewarm()?.isRehearsal() === true) {
    const key = `${version} ${method} ${url} ${authority} ${body}`
    rehearsed[key] = (rehearsed[key] ?? 0) + 1
  }
  if (body !== '' && process.env.WRITES) fs.appendFileSync(process.env.WRITES, body)
  if (url === '/report') return JSON.stringify({ rehearsed, atOpening, sessions })
  return JSON.stringify({ version, method, url, body })
}

function onRequest(request, response) {
  if (request.url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
    answerTo(request.httpVersion, request.method, request.url, '', '')
    return
  }
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    const authority = request.authority ?? request.headers.host
    response.setHeader('content-type', 'application/json')
    response.end(answerTo(request.httpVersion, request.method, request.url, authority, body))
  })
}

function onStream(stream, headers) {
  const { ':method': method, ':path': url, ':authority': authority } = headers
  stream.on('error', () => {})
  if (url === '/events') {
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
    stream.write('data: 1\n\n')
    answerTo('2.0', method, url, '', '')
    return
  }
  let body = ''
  stream.on('data', (chunk) => (body += chunk))
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/json' })
    stream.end(answerTo('2.0', method, url, authority, body))
  })
}

const { KEY, CERT, HTTP1, API } = process.env
const server = KEY
  ? http2.createSecureServer({
      key: fs.readFileSync(KEY),
      cert: fs.readFileSync(CERT),
      allowHTTP1: HTTP1 === '1',
    })
  : http2.createServer()
if (API === 'stream') server.on('stream', onStream)
else server.on('request', onRequest)
server.on('session', (session) => {
  sessions++
  session.on('close', () => sessions--)
})
for (const event of ['sessionError', 'tlsClientError', 'error'])
  server.on(event, (error) => process.stderr.write(`${event}: ${error.message}\n`))

server.listen(Number(process.env.PORT), () => {
  server.getConnections((_error, connections) => {
    const listeners = server.listenerCount('request')
    atOpening = { sessions, connections, listeners, streams: server.listenerCount('stream') }
    console.log(`listening on http://127.0.0.1:${server.address().port}`)
  })
})
process.on('SIGTERM', () => {
  // Whatever a rehearsal had left open would keep the process alive.
  server.close()
})
