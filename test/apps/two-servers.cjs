// A health server that is asked nothing while recording, then the service, sooner or later.
const http = require('node:http')

const health = http.createServer((request, response) => response.end('healthy'))
const service = http.createServer((request, response) => response.end('served'))
health.listen(0, () => {
  if (!process.env.PREWARM_OUT) console.log(`health on http://127.0.0.1:${health.address().port}`)
})
setTimeout(
  () => {
    service.listen(Number(process.env.PORT), () => {
      console.log(`listening on http://127.0.0.1:${service.address().port}`)
    })
  },
  Number(process.env.DELAY ?? 0),
)
