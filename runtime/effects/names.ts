import type dns from 'node:dns'
import net from 'node:net'
import type { Effect } from '../../formats/effects.ts'
import { currentSink } from './sink.ts'
import { reject, replaceMethod, watch, type Method } from './hooking.ts'

/** Resolvers carry these, and so does `dns` itself, for a resolver that all share. */
const questions = [
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTlsa',
  'resolveTxt',
  'reverse',
]

let isOwnLookup = false

/** Before the application is loaded. `syncBuiltinESMExports()` is left to the caller. */
export function watchNames(): void {
  const names = process.getBuiltinModule('node:dns')
  watchKind(names, {})
  watchKind(names.promises, { refuse: reject })
  // Looking the host up is a part of connecting, which is told of where it is watched, and begins within `connect`.
  replaceMethod(net.Socket.prototype, 'connect', (original) => {
    const { connect } = {
      connect(this: unknown, ...args: unknown[]): unknown {
        if (currentSink() === undefined) return Reflect.apply(original, this, args)
        return withOwnLookups(original, this, args)
      },
    }
    return connect
  })
}

/** What a call looks up before it returns is not told of. */
export function withOwnLookups(original: Method, self: unknown, args: unknown[]): unknown {
  const before = isOwnLookup
  isOwnLookup = true
  try {
    return Reflect.apply(original, self, args)
  } finally {
    isOwnLookup = before
  }
}

function watchKind(kind: typeof dns | typeof dns.promises, how: { refuse?: typeof reject }): void {
  watch(kind, 'lookup', {
    effects: (_, [name]) => (isAnsweredByItself(name) ? [] : asks(name)),
    ...how,
  })
  for (const each of ['lookupService', ...questions]) {
    const effects = (_: unknown, [name]: readonly unknown[]): Effect[] => asks(name)
    watch(kind, each, { effects, ...how })
    watch(kind.Resolver.prototype, each, { effects, ...how })
  }
}

function asks(name: unknown): Effect[] {
  if (isOwnLookup) return []
  return [{ kind: 'dns', access: 'read', target: String(name) }]
}

/** Without a name there is nobody to ask either. */
function isAnsweredByItself(name: unknown): boolean {
  return typeof name !== 'string' || name === '' || name === 'localhost' || net.isIP(name) !== 0
}
