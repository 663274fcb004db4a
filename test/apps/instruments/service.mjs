// The same as ES modules around one of CommonJS.
import http from 'node:http'
import { answer } from './answer.cjs'

const server = http.createServer(answer)
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
