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
  const gone = net.createServer()
  for (const server of [web, mail, gone]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  const freePort = gone.address().port
  gone.close()
  udp.bind(0, '127.0.0.1')
  await once(udp, 'listening')
  return {
    counts,
    /** Whether somebody listens where nobody should. */
    async isPortTaken() {
      const socket = net.connect(freePort, '127.0.0.1')
      const isTaken = await once(socket, 'connect').then(
        () => true,
        () => false,
      )
      socket.destroy()
      return isTaken
    },
    env: {
      UPSTREAM: `http://127.0.0.1:${web.address().port}`,
      MAIL_PORT: String(mail.address().port),
      UDP_PORT: String(udp.address().port),
      FREE_PORT: String(freePort),
    },
    stop() {
      web.close()
      web.closeAllConnections()
      mail.close()
      udp.close()
    },
  }
}
