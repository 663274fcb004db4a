// Runs pieces of work whose effects on sockets are watched, one after the other, and prints what they were.
import { AsyncLocalStorage } from 'node:async_hooks'
import net from 'node:net'
import { watchEffects } from '../../dist/runtime/effects/sink.js'
import { installSocketHooks } from '../../dist/runtime/effects/sockets.js'

export const context = new AsyncLocalStorage()

const looks = () =>
  ['connect', '_writeGeneric'].map((name) => {
    const { value, ...flags } = Object.getOwnPropertyDescriptor(net.Socket.prototype, name)
    return { ...flags, name: value.name, length: value.length, own: Reflect.ownKeys(value).sort() }
  })
const before = JSON.stringify(looks())
installSocketHooks()
export const looksTheSame = JSON.stringify(looks()) === before
watchEffects(() => context.getStore())

const results = {}

/** `refuse`: how the effects begin that are refused, such as `redis write`. */
export async function watch(name, work, refuse = 'nothing') {
  const effects = new Set()
  const sink = {
    tell(effect) {
      const text = `${effect.kind} ${effect.access} ${effect.target}`
      effects.add(text)
      return text.startsWith(refuse) ? new Error(`refused ${refuse}`) : undefined
    },
  }
  const result = { effects }
  try {
    const value = await context.run(sink, work)
    if (value !== undefined) result.value = value
  } catch (error) {
    result.error = error.message
  }
  results[name] = { ...result, effects: [...effects] }
}

/** Something to compare: what the server says. */
export function note(name, value) {
  results[name] = value
}

export function finish() {
  process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit())
}
