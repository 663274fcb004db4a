// Ends its own recording when it is asked to, and answers what came of it.
import { createServer } from 'node:http'
import { stopRecording } from '../../dist/index.js'

const outcome = async () => {
  try {
    return (await stopRecording()) ?? 'nothing'
  } catch (error) {
    return error.code
  }
}
const server = createServer(async (request, response) => {
  response.end(request.url === '/stop' ? await outcome() : 'served')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => process.exit(0))
