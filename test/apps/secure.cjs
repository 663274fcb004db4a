// node:https with the key and certificate that KEY and CERT name; TLS is the highest version that it speaks.
// With CLIENTS=1 only clients with that certificate get in.
const fs = require('node:fs')
const https = require('node:https')

const key = fs.readFileSync(process.env.KEY)
const cert = fs.readFileSync(process.env.CERT)
const asksClients = process.env.CLIENTS === '1'
let isOpen = false

const server = https.createServer(
  {
    key,
    cert,
    ca: cert,
    maxVersion: process.env.TLS,
    requestCert: asksClients,
    rejectUnauthorized: asksClients,
  },
  (request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ url: request.url, encrypted: request.socket.encrypted }))
  },
)
server.on('tlsClientError', (error) => {
  process.stderr.write(`tlsClientError ${isOpen ? 'after' : 'before'} opening: ${error.code}\n`)
})
server.listen(Number(process.env.PORT), () => {
  isOpen = true
  // The scheme is http so that the one who started it finds the address as he does with other apps.
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
// It ends by itself once every connection is gone, and has then told of all that went wrong with them.
process.on('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
