import type net from 'node:net'
import type { Exchange } from '../../formats/profile.ts'
import { agentClass, type Agent, type ClientRequest } from './http-internals.ts'
import { tapeServer } from './tape-server.ts'

const tickets = new WeakMap<ClientRequest, string>()

let agent: Agent | undefined

/** The agent by which the tape answers `request`: none of the application's, whose pools would keep the connections. */
export function tapeAgentFor(request: ClientRequest, exchange: Exchange): Agent {
  tickets.set(request, tapeServer().admit(exchange))
  return (agent ??= createAgent())
}

function createAgent(): Agent {
  const TapeAgent = class extends agentClass() {
    override createSocket(
      ...[request, options, callback]: Parameters<Agent['createSocket']>
    ): void {
      super.createSocket(request, options, (error, socket) => {
        if (socket !== undefined) present(socket, request)
        callback(error, socket)
      })
    }

    override reuseSocket(socket: net.Socket, request: ClientRequest): void {
      super.reuseSocket(socket, request)
      present(socket, request)
    }

    override createConnection(
      ...[{ timeout }, callback]: Parameters<Agent['createConnection']>
    ): undefined {
      tapeServer()
        .connect()
        .then((socket) => {
          if (timeout) socket.setTimeout(timeout)
          callback(null, socket)
        }, callback)
    }
  }
  return new TapeAgent({ keepAlive: true })
}

/** Not in the request, which is the application's: on a line of its own before it. */
function present(socket: net.Socket, request: ClientRequest): void {
  socket.write(`${tickets.get(request) ?? ''}\r\n`)
}
