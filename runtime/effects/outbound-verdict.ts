import type { EffectSink, OutboundCall, OutboundVerdict } from './sink.ts'

/** What is to become of a call. What cannot be answered from a tape must not reach the network either. */
export function verdictOn(sink: EffectSink, call: OutboundCall): OutboundVerdict {
  const verdict = sink.outbound(call)
  if (verdict.does !== 'answer' || call.canBeTaped) return verdict
  const error = new Error(`prewarm: ${call.method} ${call.url} cannot be answered from a tape`)
  return { does: 'refuse', error }
}

/** Some clients ask a proxy for a whole URL instead of a path. */
export function urlOf(origin: string, path: string): string {
  return /^https?:/i.test(path) ? path : origin + path
}
