// Keeps connections to a peer that echoes, opened in the two ways of drivers, and one to a peer that never ends.
import { once } from 'node:events'
import { createServer } from 'node:http'
import net from 'node:net'
import { serve } from './serve.mjs'

const port = Number(process.env.PEER_PORT)
const lingerer = Number(process.env.LINGERER_PORT)
const connect = [
  () => net.connect(port, '127.0.0.1'),
  () => new net.Socket().connect(port, '127.0.0.1'),
  () => net.connect(lingerer, '127.0.0.1'),
]
const sockets = []
const closed = []

async function echo(index) {
  if (!sockets[index] || sockets[index].destroyed) {
    sockets[index] = connect[index]()
    sockets[index].on('close', (hadError) => closed.push(hadError))
  }
  sockets[index].write('.')
  await once(sockets[index], 'data')
}

const server = createServer(async (request, response) => {
  if (request.url === '/closed') return response.end(JSON.stringify(closed))
  await Promise.all(connect.map((_, index) => echo(index)))
  response.end('ok')
})
serve(server)
