import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import dgram from 'node:dgram'

/** Counts whoever comes. */
export async function startCounter() {
  const counts = { requests: 0, connections: 0, mails: 0, datagrams: 0 }
  const web = http.createServer((request, response) => {
    counts.requests++
    request.resume().on('end', () => response.end('{}'))
  })
  web.on('connection', () => counts.connections++)
  const mail = net.createServer((socket) => {
    counts.mails++
    socket.on('error', () => undefined).resume()
  })
  const udp = dgram.createSocket('udp4').on('message', () => counts.datagrams++)
  for (const server of [web, mail]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  udp.bind(0, '127.0.0.1')
  await once(udp, 'listening')
  return {
    counts,
    env: {
      UPSTREAM: `http://127.0.0.1:${web.address().port}`,
      MAIL_PORT: String(mail.address().port),
      UDP_PORT: String(udp.address().port),
    },
    stop() {
      web.close()
      web.closeAllConnections()
      mail.close()
      udp.close()
    },
  }
}
