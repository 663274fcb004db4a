import { oneOf, record, text, type Infer } from './schema.ts'

/** Beyond HTTP, protocols that can be read on the wire, so that what is sent can be told to be a read or a write. */
const readableProtocols = ['postgres', 'mysql', 'redis', 'mongodb'] as const

export const effectSchema = record('Effect', {
  kind: [
    oneOf(
      'http',
      'http2',
      ...readableProtocols,
      'tcp',
      'udp',
      'dns',
      'file',
      'process',
      'worker',
      'ipc',
    ),
    'what was reached; tcp: a protocol that prewarm does not read',
  ],
  access: [
    oneOf('taped', 'read', 'write', 'unknown'),
    'taped: the answer of the outbound HTTP call was recorded; unknown: it could not be told',
  ],
  target: [
    text,
    'peer `host:port` or socket path; file; command; for http `METHOD URL` without its query',
  ],
})

/** Something that a request did to the world outside of its process. */
export type Effect = Infer<typeof effectSchema>

/** `redis write 127.0.0.1:6379`: how allow-lists, reports and `prewarm plan` name an effect. */
export function effectName({ kind, access, target }: Effect): string {
  return `${kind} ${access} ${target}`
}

/** Whether it went over a raw TCP or unix socket, or one with TLS, and not by Node's own HTTP clients. */
export function isRawSocket({ kind }: Effect): boolean {
  return kind === 'tcp' || readableProtocols.some((protocol) => protocol === kind)
}

/** Every effect once; a call that was taped at least once is a taped one. */
export function uniteEffects(effects: readonly Effect[]): Effect[] {
  const byName = new Map(effects.map((effect) => [effectName(effect), effect]))
  return [...byName.values()].filter(
    (effect) =>
      effect.kind !== 'http' ||
      effect.access === 'taped' ||
      !byName.has(effectName({ ...effect, access: 'taped' })),
  )
}

/** What is left of an effect when its recorded answer is not kept. */
export function untaped(effect: Effect): Effect {
  return effect.access === 'taped' ? { ...effect, access: 'unknown' } : effect
}
