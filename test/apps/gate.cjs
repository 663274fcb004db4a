// What an application can see of listen(): printed line by line, to be compared with and without prewarm.
const http = require('node:http')

const say = (...words) => console.log(words.join(' '))
const server = http.createServer((request, response) => response.end('served'))
server.on('listening', () => say('listening event', server.listening, typeof server.address().port))
server.on('close', () => say('close event'))
server.on('error', (error) => say('error event', error.code))

const port = Number(process.env.PORT)
const cases = {
  serve() {
    server.listen(port, () => say(`listening on http://127.0.0.1:${server.address().port}`))
  },
  held() {
    const startedAt = performance.now()
    server.listen(port, () => say('held', Math.floor(performance.now() - startedAt), 'ms'))
    say(`bound to http://127.0.0.1:${server.address().port}`)
  },
  address() {
    server.listen(0, () => setTimeout(() => process.exit(0), 50))
    say('address at once', typeof server.address().port, server.address().family, server.listening)
  },
  host() {
    server.listen(0, '127.0.0.1', () => setTimeout(() => process.exit(0), 50))
    say('address with a host', JSON.stringify(server.address()))
  },
  close() {
    server.listen(0)
    server.close((error) => say('closed', error?.code))
  },
  closeLater() {
    server.listen(0)
    setTimeout(() => server.close((error) => say('closed', error?.code)), 100)
  },
  abort() {
    const controller = new AbortController()
    server.listen({ port: 0, signal: controller.signal })
    setTimeout(() => controller.abort(), 100)
  },
  inUse() {
    server.listen(port)
  },
  badAddress() {
    server.listen(0, '192.0.2.7')
  },
  twice() {
    server.listen(0, () => setTimeout(() => process.exit(0), 50))
    try {
      server.listen(0)
    } catch (error) {
      say('second listen', error.code)
    }
  },
  unref() {
    server.listen(0).unref()
  },
}
cases[process.env.CASE ?? 'serve']()
