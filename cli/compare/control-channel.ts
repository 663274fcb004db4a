import { once } from 'node:events'
import net from 'node:net'
import { createInterface } from 'node:readline'
import { PrewarmError } from '../../formats/errors.ts'
import type { ListeningMessage, ProbeMessage, UsageMessage } from './messages.ts'

/** What the probes of one measured service say: it may be a cluster, or several processes behind a script. */
export interface ControlChannel {
  /** The first server with this ordinal that listens. */
  listening(ordinal: number): Promise<ListeningMessage>
  /** CPU time and resident memory of the processes that serve HTTP, added up. */
  usage(): Promise<{ readonly cpuMs: number; readonly rssBytes: number }>
  /** Has every process that serves HTTP write its compile cache. */
  flush(): Promise<void>
  close(): void
}

/** `address` is the path of a unix socket or pipe, for `PREWARM_PROBE`. */
export async function openControlChannel(address: string): Promise<ControlChannel> {
  const heard: ProbeMessage[] = []
  const peers = new Set<net.Socket>()
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const check of [...waiting]) check()
  }
  const server = net.createServer((socket) => {
    peers.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      peers.delete(socket)
      wake()
    })
    createInterface({ input: socket }).on('line', (line) => {
      heard.push(JSON.parse(line) as ProbeMessage)
      wake()
    })
  })
  server.listen(address)
  await once(server, 'listening')

  function until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = find()
        if (found === undefined) return
        waiting.delete(check)
        resolve(found)
      }
      waiting.add(check)
      check()
    })
  }

  /** The answers of all peers; one that goes away meanwhile is not waited for. */
  async function ask<T extends ProbeMessage>(
    command: string,
    type: T['type'],
  ): Promise<readonly T[]> {
    const seen = heard.length
    for (const peer of peers) peer.write(`${command}\n`)
    return until(() => {
      const answers = heard.slice(seen).filter((message): message is T => message.type === type)
      return answers.length >= peers.size ? answers : undefined
    })
  }

  return {
    listening(ordinal) {
      return until(() =>
        heard.find(
          (message): message is ListeningMessage =>
            message.type === 'listening' && message.ordinal === ordinal,
        ),
      )
    },
    async usage() {
      const answers = await ask<UsageMessage>('usage', 'usage')
      if (answers.length === 0) {
        throw new PrewarmError('ERR_PREWARM_CLI_MEASURE', 'The service ended before it was stopped')
      }
      // Worker threads each have a probe, but what they report is that of the whole process.
      const processes = [...new Map(answers.map((answer) => [answer.pid, answer])).values()]
      return {
        cpuMs: processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
        rssBytes: processes.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      }
    },
    async flush() {
      await ask('flush', 'flushed')
    },
    close() {
      for (const peer of peers) peer.destroy()
      server.close()
    },
  }
}
