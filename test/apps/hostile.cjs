'use strict'
// Does harm on every GET. What a rehearsal of it may do to the outside is nothing; all that it does is counted by its peers.
const { spawn } = require('node:child_process')
const dgram = require('node:dgram')
const fs = require('node:fs')
const http = require('node:http')
const inspector = require('node:inspector')
const net = require('node:net')
const path = require('node:path')
const { Worker } = require('node:worker_threads')

const {
  HARM_FOLDER: folder,
  UPSTREAM: upstream,
  MAIL_PORT: mailPort,
  UDP_PORT: udpPort,
  FREE_PORT: freePort,
} = process.env
const file = (name) => path.join(folder, `${name}-${process.pid}`)

const harms = {
  '/file'(response) {
    fs.writeFileSync(file('sync'), 'x')
    response.end('ok')
  },
  '/file-later'(response) {
    response.end('ok')
    setTimeout(() => fs.writeFile(file('later'), 'x', () => undefined), 5)
  },
  async '/file-promise'(response) {
    await fs.promises.appendFile(file('promise'), 'x')
    response.end('ok')
  },
  '/file-stream'(response) {
    fs.createWriteStream(file('stream')).end('x', () => response.end('ok'))
  },
  '/mail'(response) {
    const socket = net.connect(Number(mailPort), '127.0.0.1', () => {
      socket.end('EHLO shop\r\nMAIL FROM:<a@example.org>\r\nQUIT\r\n')
    })
    socket.on('error', () => undefined).on('close', () => response.end('ok'))
  },
  '/spawn'(response) {
    spawn(process.execPath, ['-e', `fs.writeFileSync(${JSON.stringify(file('child'))}, 'x')`])
      .on('error', () => undefined)
      .on('close', () => response.end('ok'))
  },
  '/post'(response) {
    http
      .request(`${upstream}/charge`, { method: 'POST' }, (answer) => {
        answer.resume().on('end', () => response.end('ok'))
      })
      .on('error', () => response.end('ok'))
      .end('{"amount":1}')
  },
  '/post-and-forget'(response) {
    response.end('ok')
    setImmediate(() =>
      fetch(`${upstream}/notify`, { method: 'POST', body: 'x' }).catch(() => undefined),
    )
  },
  '/datagram'(response) {
    const socket = dgram.createSocket('udp4')
    socket.send('x', Number(udpPort), '127.0.0.1', () => {
      socket.close()
      response.end('ok')
    })
  },
  '/worker'(response) {
    new Worker(`require('node:fs').writeFileSync(${JSON.stringify(file('worker'))}, 'x')`, {
      eval: true,
    })
      .on('error', () => undefined)
      .on('exit', () => response.end('ok'))
  },
  '/listen'(response) {
    const other = http.createServer((_, answer) => answer.end('harm'))
    other.listen(Number(freePort), '127.0.0.1', () => response.end('ok'))
    other.on('error', () => response.end('ok'))
  },
  '/listen-path'(response) {
    const other = net.createServer().listen(file('socket'), () => response.end('ok'))
    other.on('error', () => response.end('ok'))
  },
  '/debug'(response) {
    inspector.open(0, '127.0.0.1')
    inspector.close()
    response.end('ok')
  },
  '/report'(response) {
    process.report.writeReport(file('report'))
    response.end('ok')
  },
  '/exit'() {
    process.exit(3)
  },
  '/abort'() {
    process.abort()
  },
  '/kill'() {
    process.kill(process.pid, 'SIGKILL')
  },
  '/throw'() {
    throw new Error('thrown')
  },
  '/throw-later'(response) {
    setTimeout(() => {
      throw new Error('thrown later')
    }, 1)
    response.end('ok')
  },
  '/reject'(response) {
    void Promise.reject(new Error('rejected'))
    response.end('ok')
  },
  '/silent'(response) {
    response.on('close', () => undefined)
  },
  '/timer'(response) {
    setInterval(() => fs.appendFileSync(file('timer'), 'x'), 20)
    response.end('ok')
  },
  '/harmless'(response) {
    response.end('ok')
  },
}

/** Staging would not outlive these. */
const deadly = new Set([
  ...['/exit', '/abort', '/kill', '/throw', '/throw-later', '/reject', '/silent'],
])
/** `none` of them does harm, `most` do, or `all`: what production does need not be what staging has seen. */
const armed = process.env.ARMED

const server = http.createServer((request, response) => {
  const harm = harms[request.url]
  if (harm === undefined) response.writeHead(404).end()
  else if (armed === 'all' || (armed === 'most' && !deadly.has(request.url))) {
    Promise.resolve(harm(response)).catch(() => response.writeHead(500).end())
  } else response.end('ok')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => process.exit(0))
