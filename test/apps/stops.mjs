// Ends its own recording when it is asked to, and answers what came of it.
import { createServer } from 'node:http'
import { stopRecording } from '../../dist/index.js'

const outcome = () => {
  try {
    return stopRecording() ?? 'nothing'
  } catch (error) {
    return error.code
  }
}
const server = createServer((request, response) => {
  response.end(request.url === '/stop' ? outcome() : 'served')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => process.exit(0))
