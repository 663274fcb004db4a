import type { AnswerTaker } from './answer-taker.ts'

/**
 * What undici calls while an answer comes in. There are two generations of methods, of which a handler has one:
 * `onHeaders` and its like up to undici 7, `onResponseStart` and its like from undici 7 on.
 */
export type Handler = Record<string, unknown>

type Call = (this: unknown, ...args: never[]) => unknown

/** Fails a request that was not begun, as a connection that cannot be made does: later, and once. */
export function failLater(handler: Handler, error: Error): void {
  process.nextTick(() => {
    const { onResponseError, onError } = handler as Record<string, Call | undefined>
    if (typeof onResponseError === 'function')
      onResponseError.apply(handler, [null, error] as never[])
    else onError?.apply(handler, [error] as never[])
  })
}

/** The same handler, which shows what it gets to `taker` first. */
export function showing(handler: Handler, taker: AnswerTaker): Handler {
  const shows = showsOf(taker) as Record<string | symbol, Call | undefined>
  return new Proxy(handler, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      // On the handler itself, since it may have private fields.
      return (...args: never[]) => {
        shows[name]?.(...args)
        return (method as Call).apply(target, args)
      }
    },
  })
}

function showsOf(taker: AnswerTaker): Record<string, Call> {
  const data = (chunk: Uint8Array): void => {
    taker.data(chunk)
  }
  const end = (): void => {
    taker.end()
  }
  const breakOff = (): void => {
    taker.breakOff()
  }
  return {
    onHeaders: (status: number, raw: readonly unknown[]) => {
      taker.head(status, textsOf(raw))
    },
    onData: data,
    onComplete: end,
    onError: breakOff,
    onUpgrade: breakOff,
    onResponseStart: (
      controller: { readonly rawHeaders?: unknown } | null,
      status: number,
      headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    ) => {
      const raw = controller?.rawHeaders
      taker.head(status, Array.isArray(raw) ? textsOf(raw) : flatten(headers))
    },
    onResponseData: (_controller: unknown, chunk: Uint8Array) => {
      data(chunk)
    },
    onResponseEnd: end,
    onResponseError: breakOff,
    onRequestUpgrade: breakOff,
  }
}

/** Names and values in turn: bytes as a rule, texts over HTTP/2. */
function textsOf(raw: readonly unknown[]): string[] {
  return raw.map((each) => (Buffer.isBuffer(each) ? each.toString('latin1') : String(each)))
}

function flatten(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((each) => [name, each]),
  )
}
