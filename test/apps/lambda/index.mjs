// What a function is deployed with: the handler, rehearsed in the init phase.
import { isRehearsal, recordable, rehearse } from '../../../dist/index.js'
import orders from './orders.cjs'

export const counts = { rehearsed: 0, real: 0 }
const counting = (event, context) => {
  counts[isRehearsal() ? 'rehearsed' : 'real']++
  return orders.handler(event, context)
}
const codec = {
  serialize: ([event]) => event,
  deserialize: (event) => [event, { getRemainingTimeInMillis: () => 30_000 }],
}
export const handler = recordable(
  'handler',
  counting,
  process.env.CODEC === 'none' ? undefined : codec,
)
await rehearse('handler', handler, { budget: 60_000 })
