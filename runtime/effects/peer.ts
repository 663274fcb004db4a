interface ConnectOptions {
  readonly path?: unknown
  readonly host?: unknown
  readonly port?: unknown
}

/**
 * `host:port` or socket path that the arguments of `socket.connect()` name; undefined: they name none, and Node will
 * not accept them.
 */
export function peerOf(args: readonly unknown[]): string | undefined {
  const { path, host, port } = optionsOf(args)
  if (typeof path === 'string' && path !== '') return path
  if (typeof port !== 'number' && typeof port !== 'string') return undefined
  const name = typeof host === 'string' && host !== '' ? host : 'localhost'
  return `${name.includes(':') ? `[${name}]` : name}:${port}`
}

function optionsOf(args: readonly unknown[]): ConnectOptions {
  const [first, second] = args
  // Node's own callers have the arguments in order already: options and callback.
  if (Array.isArray(first)) return optionsOf(first)
  if (typeof first === 'object' && first !== null) return first
  const isPath = typeof first === 'string' && !(Number(first) >= 0)
  return isPath ? { path: first } : { port: first, host: second }
}
