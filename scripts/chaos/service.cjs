/*
 * The service of npm run chaos: every route asks many small functions for a sum over records, whose shapes the query names.
 * CHAOS_HARM: what is asked before the port opens makes the first clients pay for it; CHAOS_ABORT: V8's way of dying, where a
 * profile is in use; CHAOS_WORKERS: so many processes of a cluster.
 */
const cluster = require('node:cluster')
const http = require('node:http')

const shapes = {
  a: (id) => ({ id, price: 3 }),
  b: (id) => ({ price: 3.5, id, tax: 1 }),
  c: (id) => ({ name: 'c', price: '3', id }),
  d: (id) => ({ x: 1, y: 2, price: 3, id }),
  e: (id) => ({ z: 1, id, y: 2, price: 4 }),
}
// With the last record of a shape a garbage collection takes the code that was optimised for it.
globalThis.chaosRecords = Object.values(shapes).map((make) => make(0))
// One by one, since V8 optimises by function; called through a table, so that none becomes part of another.
const table = [
  function net(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += price * turn
    }
    return sum
  },
  function gross(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += price * turn * 2
    }
    return sum
  },
  function reduced(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += price * turn - turn
    }
    return sum
  },
  function rounded(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += Math.round(price * turn)
    }
    return sum
  },
  function weighted(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += price * (turn % 7)
    }
    return sum
  },
  function squared(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += price * turn * turn
    }
    return sum
  },
  function halved(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += (price * turn) / 2
    }
    return sum
  },
  function shifted(record) {
    let sum = 0
    for (let turn = 0; turn < 24; turn++) {
      const price = Number(record.price)
      sum += price + turn
    }
    return sum
  },
]
const sumOf = (kind, calls) => {
  let sum = 0
  for (let id = 0; id < calls; id++) sum += table[id % table.length](shapes[kind](id))
  return sum
}

const turnsPerMs = 100_000
let kept = 0
function burn(ms) {
  for (let turn = 0; turn < ms * turnsPerMs; turn++) kept = (kept * 31 + turn) % 1_000_003
}

const debts = new Map()
let isOpen = false
function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (pathname === '/hang') return
  if (!['/orders', '/items', '/users'].includes(pathname)) {
    response.writeHead(404).end('no\n')
    return
  }
  const debt = debts.get(pathname) ?? 0
  if (process.env.CHAOS_HARM === '1' && !isOpen) debts.set(pathname, Math.min(12, debt + 1))
  else if (debt > 0) {
    debts.set(pathname, debt - 1)
    burn(30)
  }
  burn(0.5)
  const kind = searchParams.get('kind') ?? 'a'
  response.end(`${pathname} ${kind} ${sumOf(kind, 160)}\n`)
}

function serve() {
  const server = http.createServer(answer)
  server.on('listening', () => (isOpen = true))
  server.listen(Number(process.env.PORT), () => {
    if (cluster.isPrimary) console.log(`listening on http://127.0.0.1:${server.address().port}`)
  })
  process.once('SIGTERM', () => process.exit(0))
}

function superviseWorkers(count) {
  for (let worker = 0; worker < count; worker++) cluster.fork()
  let listening = 0
  cluster.on('listening', (worker, { port }) => {
    if (++listening === count) {
      const pids = Object.values(cluster.workers).map((each) => each.process.pid)
      console.log(`workers ${pids.join(' ')} listening on http://127.0.0.1:${port}`)
    }
  })
  process.once('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM')
    cluster.on('exit', () => {
      if (Object.keys(cluster.workers).length === 0) process.exit(0)
    })
  })
}

if (process.env.CHAOS_ABORT !== undefined) {
  setTimeout(() => {
    const state = globalThis[Symbol.for('prewarm')].status().state
    if (state !== 'cold') process.abort()
  }, Number(process.env.CHAOS_ABORT)).unref()
}
const workers = Number(process.env.CHAOS_WORKERS ?? 0)
if (workers > 0 && cluster.isPrimary) superviseWorkers(workers)
else serve()
