import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { app, ask, get, nodeLines, record, replay, reportOf, scratchFolder } from './harness.ts'

const folder = scratchFolder()
const hasSs = spawnSync('ss', ['--version']).error === undefined
if (!hasSs) process.stderr.write('no ss here (Debian: apt-get install iproute2): left out\n')

/** A peer that echoes; one that lingers never ends its half of a connection. */
async function startPeer(lingers: boolean): Promise<{ port: number; stop: () => void }> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: lingers }, (socket) => {
    sockets.add(socket)
    socket.on('data', (chunk) => socket.write(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

interface Sockets {
  /** Of the process, in whatever state. */
  readonly own: number
  readonly timeWait: number
}

function socketsTo(port: number, pid: number | undefined): Sockets {
  const lines = execFileSync('ss', ['-Htanp', `dport = :${port}`], { encoding: 'utf8' }).split('\n')
  return {
    own: lines.filter((line) => line.includes(`pid=${pid},`)).length,
    timeWait: lines.filter((line) => line.startsWith('TIME-WAIT')).length,
  }
}

describe.runIf(hasSs).each(nodeLines)(
  'outbound connections of a rehearsal, Node %s',
  (line, node) => {
    it('are kept as they are, or closed without a trace', async () => {
      const peer = await startPeer(false)
      const lingerer = await startPeer(true)
      onTestFinished(() => {
        peer.stop()
        lingerer.stop()
      })
      const script = app('resources/connections.mjs')
      const profile = path.join(folder, `connections-${line}.prewarm`)
      const env = {
        PEER_PORT: `${peer.port}`,
        LINGERER_PORT: `${lingerer.port}`,
        PREWARM_ROUNDS: '40',
        PREWARM_TCP: 'any',
      }
      await record(node, script, profile, (url) => ask(url, ['/']), env)
      const start = async (
        connections: string,
      ): Promise<{ sockets: readonly Sockets[]; closed: unknown }> => {
        const settings = { ...env, PREWARM_CONNECTIONS: connections }
        const service = await replay(node, script, profile, settings)
        const { rehearsal } = await reportOf(`${profile}.report.json`)
        expect(rehearsal).toMatchObject({ applied: 1, requests: 40 })
        const sockets = [peer, lingerer].map(({ port }) => socketsTo(port, service.child.pid))
        const closed = JSON.parse(await get(`${service.url}/closed`)) as unknown
        expect(await get(service.url)).toBe('ok')
        expect(await service.stop()).toBe('SIGTERM')
        expect(service.stderr()).toBe('')
        return { sockets, closed }
      }
      const before = socketsTo(peer.port, undefined).timeWait
      const closing = await start('close')
      expect(closing.sockets.map(({ own }) => own)).toEqual([0, 0])
      // Two of them, for forty requests.
      expect((closing.sockets[0]?.timeWait ?? 0) - before).toBeLessThanOrEqual(2)
      expect(closing.closed).toEqual([false, false, false])
      const keeping = await start('keep')
      expect(keeping.sockets.map(({ own }) => own)).toEqual([2, 1])
      expect(keeping.closed).toEqual([])
    })
  },
)
