// Resources of its own, one of which may be in trouble: `/calls` tells which hooks ran.
import { createServer } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { isRehearsal, register } from '../../../dist/index.js'
import { memoryRateLimit } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const calls = []
const store = { current: new Map(), previous: new Map() }
const kept = []
let rehearsed = 0

function resource(name, trouble = {}) {
  const hook = (when) => (context) => {
    calls.push(`${when} ${name}`)
    if (isRehearsal()) calls.push('taken for a rehearsed request')
    return trouble[when]?.(context)
  }
  return { name, beforeRehearsal: hook('before'), afterRehearsal: hook('after') }
}

/** Of which only what `kept` has is left after a collection. */
function add(name, trouble) {
  kept.push(resource(name, trouble))
  return register(kept.at(-1))
}

const never = ({ signal }) => {
  signal.addEventListener('abort', () => calls.push('told to give up'))
  return new Promise(() => undefined)
}
const fail = () => {
  throw new Error('cannot')
}
const troubles = {
  throws: { before: fail },
  'throws later': { after: fail },
  hangs: { before: never },
  'hangs later': { after: never },
}
add('first')
add('second', troubles[process.env.TROUBLE])
add('third')
add('withdrawn')()
if (process.env.TROUBLE === 'collected') {
  for (const name of ['lost', 'gone']) register(resource(name))
  register(memoryRateLimit(store))
  await setImmediate()
  globalThis.gc()
}

const server = createServer((request, response) => {
  if (request.url === '/calls') return response.end(JSON.stringify({ calls, rehearsed, store }))
  if (isRehearsal() && rehearsed++ === 0) {
    calls.push('rehearsal')
    add('latecomer')
  }
  response.end('ok')
})
serve(server)
