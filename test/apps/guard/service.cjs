// Three routes that compute. HARM=rehearsed: what is asked before the port opens makes the first clients of the route pay for
// it; HARM=always: they pay in any case.
const http = require('node:http')

/** Milliseconds of work, measured in turns, so that a busy machine takes longer and does not do less. */
const turnsPerMs = 100_000
let kept = 0
function work(ms) {
  for (let turn = 0; turn < ms * turnsPerMs; turn++) kept = (kept * 31 + turn) % 1_000_003
}

const debts = new Map()
let isOpen = false
const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/stop') process.exit(0)
  const debt = debts.get(pathname) ?? (process.env.HARM === 'always' && isOpen ? 12 : 0)
  if (process.env.HARM === 'rehearsed' && !isOpen) debts.set(pathname, Math.min(12, debt + 1))
  else if (debt > 0) {
    debts.set(pathname, debt - 1)
    work(60)
  }
  const answer = () => response.end(`${pathname} ${pathname.length}\n`)
  work(2)
  if (process.env.SLOW_START === '1' && isOpen && process.uptime() < 4) setTimeout(answer, 80)
  else answer()
})
server.on('listening', () => (isOpen = true))
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.once('SIGTERM', (signal) => {
  // RESEND=1: as frameworks do that clean up and then end as they would have.
  if (process.env.RESEND === '1') process.kill(process.pid, signal)
  else process.exit(0)
})
