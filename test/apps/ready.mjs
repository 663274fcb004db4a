// Uses the API of prewarm: what it says before, during and after rehearsal.
import { createServer } from 'node:http'
import { isRehearsal, status, whenReady } from '../../dist/index.js'

const seen = { start: status().state, rehearsed: 0, real: 0, during: '' }
const server = createServer(async (request, response) => {
  await null
  if (isRehearsal()) {
    seen.rehearsed++
    seen.during = status().state
  } else seen.real++
  response.end(JSON.stringify({ ...seen, after: status().state }))
})
server.listen(Number(process.env.PORT))
const { state, reason } = await whenReady()
process.stderr.write(`ready ${state} ${reason}\n`)
if (!server.listening || !server.address())
  await new Promise((done) => server.once('listening', done))
console.log(`listening on http://127.0.0.1:${server.address().port}`)
