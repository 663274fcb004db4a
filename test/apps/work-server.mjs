// A service that also has work of its own, and rehearses it before it listens, while it does, and later.
import { createServer } from 'node:http'
import { isRehearsal, recordable, rehearse, status } from '../../dist/index.js'

let tell
const hasBegun = new Promise((resolve) => (tell = resolve))
const work = recordable('work', (job) => job.id)
const overtaken = recordable('overtaken', async () => {
  await null
  if (isRehearsal()) tell()
})
const later = recordable('later', (job) => job.id)
for (let id = 0; id < 3; id++) work({ id })
await overtaken()
later({ id: 1 })

const states = [status().state]
const results = { work: await rehearse('work', work) }
states.push(status().state)
const endless = rehearse('overtaken', overtaken, { rounds: 1e9, budget: 1e9 })
await Promise.race([endless, hasBegun])
const server = createServer(async (request, response) => {
  if (request.url === '/later') results.later = await rehearse('later', later)
  response.end(JSON.stringify({ results, states: [...states, status().state] }))
})
server.listen(Number(process.env.PORT), async () => {
  results.overtaken = await endless
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
