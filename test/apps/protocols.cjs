// Express with what other applications have besides plain requests: WebSockets, endless answers, 100-continue, compressed
// bodies, uploads, a limit per client address.
const http = require('node:http')
const express = require('express')
const multer = require('multer')
const { rateLimit } = require('express-rate-limit')
const { WebSocketServer } = require('ws')

const prewarm = () => globalThis[Symbol.for('prewarm')]
/** What rehearsed requests brought, by route. */
const rehearsed = {}
let open = 0
let continued = 0
let atOpening

const app = express()
app.set('trust proxy', 1)
app.use((request, response, next) => {
  if (prewarm()?.isRehearsal() === true) {
    response.once('close', () => {
      const { method, path, ip, body, files, headers } = request
      const seen = (rehearsed[`${method} ${path}`] ??= [])
      const texts = files?.map((file) => `${file.originalname} ${file.buffer}`)
      seen.push({ ip, body, files: texts, encoding: headers['content-encoding'] })
    })
  }
  next()
})
app.get('/', (request, response) => response.json({ ip: request.ip }))
app.get('/limited', rateLimit({ windowMs: 3_600_000, limit: 2 }), (request, response) => {
  response.json({ ip: request.ip })
})
app.get('/events', (request, response) => {
  open++
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: 1\n\n')
  const ticking = setInterval(() => response.write('data: 2\n\n'), 5)
  response.once('close', () => {
    clearInterval(ticking)
    open--
  })
})
app.get('/flood', (request, response) => {
  open++
  const chunk = Buffer.alloc(64 * 1024)
  const pour = () => {
    while (response.write(chunk));
  }
  response.on('drain', pour)
  response.once('close', () => {
    response.off('drain', pour)
    open--
  })
  pour()
})
app.post('/orders', express.json(), (request, response) => response.json(request.body))
app.post('/upload', multer().array('file'), (request, response) => {
  response.json({ fields: request.body, files: request.files.map(({ size }) => size) })
})
app.get('/report', (request, response) => response.json({ rehearsed, atOpening, open, continued }))

const server = http.createServer(app)
server.on('checkContinue', (request, response) => {
  if (prewarm()?.isRehearsal() === true) continued++
  response.writeContinue()
  app(request, response)
})
new WebSocketServer({ server, path: '/socket' }).on('connection', (socket) => {
  socket.on('message', (text) => socket.send(`echo ${text}`))
})
server.listen(Number(process.env.PORT), () => {
  atOpening = { open }
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
