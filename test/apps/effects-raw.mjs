import { context, finish, looksTheSame, note, watch } from './watched.mjs'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { readFileSync } from 'node:fs'
import { httpClientSockets, ownSockets } from '../../dist/runtime/effects/sink.js'

/** Counts connections, and keeps what each of them has sent. */
function listen(server) {
  const received = []
  server.on(server instanceof tls.Server ? 'secureConnection' : 'connection', (socket) => {
    const index = received.push('') - 1
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received[index] += chunk.toString('latin1')
      // Neither the answer nor who sends it is outbound.
      socket.write('250 ok\r\n')
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, received, port: server.address().port }))
  })
}

const mail = await listen(net.createServer())
note('mail', mail.port)
note('looks', { same: looksTheSame })
const connect = async (port) => {
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
const say = (socket, text) => {
  socket.write(text)
  return once(socket, 'data')
}
const closed = (socket) => new Promise((resolve) => socket.once('close', resolve))

await watch('a mail', async () => {
  const socket = await connect(mail.port)
  await say(socket, 'HELO a\r\n')
  await say(socket, 'QUIT\r\n')
  socket.destroy()
  process.stderr.write('')
  await new Promise((resolve) => process.stdout.write('', resolve))
})
const warm = await connect(mail.port)
await say(warm, 'HELO b\r\n')
await watch('a mail over a socket opened earlier', () =>
  say(warm, 'DATA\r\n').then(() => undefined),
)
await watch(
  'a mail, refused',
  async () => {
    warm.write('SECRET\r\n')
    await once(warm, 'data')
  },
  'tcp unknown',
)
note('the socket is closed', warm.destroyed)

// Each way to send something.
const ways = {
  string: (socket) => socket.write('SECRET'),
  hex: (socket) => socket.write(Buffer.from('SECRET').toString('hex'), 'hex'),
  bytes: (socket) => socket.write(new Uint8Array(Buffer.from('SECRET'))),
  end: (socket) => socket.end('SECRET'),
  corked: (socket) => {
    socket.cork()
    socket.write('SEC')
    socket.write(Buffer.from('RET'))
    socket.uncork()
  },
}
for (const [name, send] of Object.entries(ways)) {
  const socket = await connect(mail.port)
  await watch(
    `${name}, refused`,
    async () => {
      send(socket)
      await once(socket, 'close')
    },
    'tcp unknown',
  )
}
await watch(
  'sent before the connection stands, refused',
  async () => {
    const socket = net.connect(mail.port, '127.0.0.1')
    socket.write('SECRET')
    await once(socket, 'close')
  },
  'tcp unknown',
)
const early = net.connect(mail.port, '127.0.0.1')
await watch(
  'sent by somebody else before the connection stands, refused',
  async () => {
    early.write('SECRET')
    await once(early, 'close')
  },
  'tcp unknown',
)
await watch(
  'sent within the callback of what was refused',
  async () => {
    const socket = await connect(mail.port)
    socket.on('error', () => {})
    const outcome = await new Promise((resolve) => {
      socket.write('SECRET', (error) => resolve(error.message))
    })
    return outcome
  },
  'tcp unknown',
)
note('secrets received', mail.received.filter((text) => text.includes('SECRET')).length)

/** What somebody sees of a connection that comes to nothing. */
async function seen(port) {
  const order = []
  const store = context.getStore()
  const note = (text) => order.push(context.getStore() === store ? text : `${text}, elsewhere`)
  const socket = net.connect(port, '127.0.0.1', () => note('connected'))
  note(`connecting ${socket.connecting} ${socket.readyState}`)
  socket.write('SECRET', (error) => note(`not written: ${error.code}`))
  // Late, as code does that waits for something else first.
  await Promise.resolve()
  socket.on('error', () => note('error'))
  const hadError = await closed(socket)
  note(`closed ${hadError} ${socket.destroyed} ${socket.connecting}`)
  return order
}

const before = mail.received.length
await watch('a connection, refused', () => seen(mail.port), 'tcp read')
const nobody = await listen(net.createServer())
await new Promise((resolve) => nobody.server.close(resolve))
await watch('a connection to nobody', () => seen(nobody.port))
await watch('a path, refused', () => once(net.connect('/nowhere.sock'), 'connect'), 'tcp read')
await watch('http.get, refused', () => once(http.get({ port: mail.port }), 'response'), 'tcp read')
await watch(
  'fetch, refused',
  async () => {
    const error = await fetch(`http://127.0.0.1:${mail.port}/`).catch((error) => error)
    throw error.cause
  },
  'tcp read',
)
await watch(
  'tls, refused',
  () => once(tls.connect(mail.port, '127.0.0.1'), 'secureConnect'),
  'tcp read',
)
note('connections since', mail.received.length - before)
await watch(
  'what Node does not accept, it does not accept',
  async () => net.connect({}),
  'tcp read',
)

await watch('HTTP by hand', async () => {
  const socket = await connect(mail.port)
  await say(socket, 'POST /orders?a=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok')
  await say(socket, 'GET /prices HTTP/1.1\r\nHost: a\r\n\r\n')
  socket.destroy()
})
await watch(
  'own sockets, and those of HTTP clients that are watched',
  async () => {
    const own = new net.Socket()
    ownSockets.add(own)
    own.connect(mail.port, '127.0.0.1')
    await say(own, 'HELO\r\n')
    own.destroy()
    const client = new net.Socket()
    httpClientSockets.add(client)
    client.connect(mail.port, '127.0.0.1')
    await say(client, 'GET / HTTP/1.1\r\n\r\n')
    client.destroy()
  },
  'tcp',
)

if (process.env.KEY) {
  const files = { key: readFileSync(process.env.KEY), cert: readFileSync(process.env.CERT) }
  const secure = await listen(tls.createServer(files))
  note('secure', secure.port)
  const open = async () => {
    const socket = tls.connect({ port: secure.port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    return socket
  }
  await watch('HTTP by hand over TLS', async () => {
    const socket = await open()
    await say(socket, 'GET /prices HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.destroy()
  })
  const socket = await open()
  await watch(
    'over TLS, refused',
    async () => {
      socket.write('SECRET')
      await once(socket, 'close')
    },
    'tcp unknown',
  )
  await watch('TLS over a stream that is no socket', async () => {
    const raw = await connect(secure.port)
    const { Duplex } = await import('node:stream')
    const between = Duplex.from({ readable: raw, writable: raw })
    const over = tls.connect({ socket: between, rejectUnauthorized: false })
    await once(over, 'secureConnect')
    await say(over, 'hello')
    raw.destroy()
  })
  note(
    'secrets received over TLS',
    secure.received.filter((text) => text.includes('SECRET')).length,
  )
}
finish()
