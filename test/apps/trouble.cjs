// What an application may do to a rehearsal, chosen by TROUBLE. Nothing of it happens to real clients.
const { spawnSync } = require('node:child_process')
const http = require('node:http')
const { exit } = process

const isRehearsal = () => globalThis[Symbol.for('prewarm')]?.isRehearsal() === true
const trouble = process.env.TROUBLE
let rehearsed = 0
let failed = 0

const setUp = {
  monitor: () => process.on('uncaughtExceptionMonitor', () => console.error('seen')),
  readonly: () => Object.defineProperty(process, 'emit', { value: process.emit }),
  // As from outside: what a rehearsed request sends itself is refused.
  signal: () => {
    process.on('SIGTERM', ignore)
    const timer = setInterval(() => {
      if (rehearsed === 0) return
      clearInterval(timer)
      process.off('SIGTERM', ignore)
      process.kill(process.pid, 'SIGTERM')
    }, 1)
  },
  'source maps': () => process.setSourceMapsEnabled(true),
}
const misbehave = {
  // It fails in the background, some of it after the port is open.
  aftermath: () =>
    setTimeout(() => {
      failed++
      Promise.reject(new Error('aftermath'))
    }, 50),
  exit: () => exit(7),
  monitor: () =>
    setTimeout(() => {
      throw new Error('for the monitor')
    }),
  pause: () => {
    const end = performance.now() + (rehearsed === 3 ? 900 : 0)
    while (performance.now() < end);
  },
  unready: (response) => {
    if (process.uptime() < startedAt + 0.4) response.statusCode = 503
  },
}
function ignore() {}

setUp[trouble]?.()
require('./late.cjs')
const startedAt = process.uptime()
const server = http.createServer((request, response) => {
  if (isRehearsal()) {
    rehearsed++
    misbehave[trouble]?.(response)
  }
  if (request.url === '/failed') return response.end(`${failed} of ${rehearsed}`)
  if (request.url !== '/helper') return response.end('ok')
  const helper = spawnSync(process.execPath, ['-p', '1'], { encoding: 'utf8' })
  response.end(JSON.stringify([helper.status, helper.stdout, helper.stderr]))
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
