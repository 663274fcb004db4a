// What a rehearsed request can do to a process: never answer, throw later, reject, exit.
const http = require('node:http')

const handlers = {
  '/ok': (response) => response.end('ok'),
  '/hangs': (response) => {
    if (process.env.UNRULY) return
    response.end('ok')
  },
  '/throws': (response) => {
    if (process.env.UNRULY) {
      setTimeout(() => {
        throw new Error('thrown by a rehearsed request')
      }, 1)
    } else response.end('ok')
  },
  '/rejects': (response) => {
    if (process.env.UNRULY) Promise.reject(new Error('rejected by a rehearsed request'))
    else response.end('ok')
  },
  '/microtask': (response) => {
    if (process.env.UNRULY) {
      queueMicrotask(() => {
        throw new Error('thrown in a microtask of a rehearsed request')
      })
    } else response.end('ok')
  },
  '/exits': (response) => {
    if (process.env.UNRULY) process.exit(7)
    response.end('ok')
  },
}
const server = http.createServer((request, response) => handlers[request.url](response))
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
