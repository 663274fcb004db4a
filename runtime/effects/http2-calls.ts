import { Duplex } from 'node:stream'
import { watch } from './hooking.ts'
import { ownSessions } from './sink.ts'

/**
 * Watches outbound HTTP/2 where the application uses it; also what goes over sessions that are there already. To load
 * HTTP/2 for this would cost ten milliseconds and more, and sessions of later are seen by their connections.
 */
export function watchHttp2Calls(): void {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] }
  if (!moduleLoadList.includes('NativeModule http2')) return
  watch(classOfClientSessions(), 'request', {
    effects: (self, [headers]) =>
      ownSessions.has(self as object)
        ? []
        : [{ kind: 'http2', access: 'unknown', target: targetOf(self, headers) }],
  })
}

/** The class is not exported, so it is taken from a session to nowhere. */
function classOfClientSessions(): object {
  const { connect } = process.getBuiltinModule('node:http2')
  const nowhere = new Duplex({
    read: ignore,
    write(_chunk, _encoding, done) {
      done()
    },
  })
  const session = connect('http://localhost', { createConnection: () => nowhere })
  session.on('error', ignore)
  session.destroy()
  nowhere.destroy()
  return Object.getPrototypeOf(session) as object
}

/** `POST 127.0.0.1:4000 /orders`, without the query. */
function targetOf(session: unknown, headers: unknown): string {
  const header = headerReader(headers)
  const method = header(':method') ?? 'GET'
  const authority = header(':authority') ?? header('host') ?? authorityOf(session)
  const path = (header(':path') ?? '/').replace(/\?.*/s, '')
  return `${method} ${authority} ${path}`
}

/** Headers are an object or, since Node 24, names and values in turn. */
function headerReader(headers: unknown): (name: string) => string | undefined {
  if (!Array.isArray(headers)) {
    const values = (headers ?? {}) as Record<string, unknown>
    return (name) => textOf(values[name])
  }
  const list: readonly unknown[] = headers
  return (name) => {
    const at = list.findIndex((each, index) => index % 2 === 0 && each === name)
    return at < 0 ? undefined : textOf(list[at + 1])
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** What the session was connected to, which Node keeps under a symbol. */
function authorityOf(session: unknown): string {
  const holder = session as Record<symbol, unknown>
  const key = Object.getOwnPropertySymbols(holder).find(
    ({ description }) => description === 'authority',
  )
  return (key === undefined ? undefined : textOf(holder[key])) ?? 'unknown'
}

function ignore(): void {
  // Nothing is sent or read.
}
