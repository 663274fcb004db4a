// Makes outbound calls by all clients with every verdict, and prints what came of it as JSON. Scenario: the first argument.
import {
  agents,
  bundledClients,
  clients,
  early,
  secureClients,
  slowly,
} from './outbound-clients.mjs'
import { startUpstream, zipped } from './upstream.mjs'

const { watched, outcomeOf, completeOutboundHooks, closeTape } = globalThis.outbound
const upstream = await startUpstream()

const record = () => ({ does: 'record' })
const refuse = () => ({ does: 'refuse', error: new Error('refused by the sink') })
const answerWith =
  (parts = {}) =>
  ({ method, url }) => ({
    does: 'answer',
    exchange: { ...tapedAs(method, url), ...parts },
  })

function tapedAs(method, url) {
  const headers = ['X-Upstream', 'tape', 'Content-Encoding', 'gzip', 'Content-Length', '1']
  return { method, url, status: 203, headers, body: Buffer.from(`taped ${url.slice(-7)}`) }
}

/** What happens to the upstream meanwhile. */
async function counted(work) {
  const { hits, connections } = upstream
  const result = await work()
  return {
    ...result,
    hits: upstream.hits - hits,
    connections: upstream.connections - connections,
  }
}

/** Ends once nothing has come from what was refused or answered for some turns of the event loop. */
async function settled() {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

async function verdictsOn(call, origin) {
  const url = `${origin}/items/1`
  const other = `${origin}/items/2`
  const watch = (decide, work = () => call(url)) =>
    counted(async () => {
      const result = await watched(decide, work)
      await settled()
      return result
    })
  const cold = {
    refused: await watch(refuse),
    answered: await watch(answerWith()),
  }
  return {
    cold,
    live: await counted(async () => ({ outcome: await outcomeOf(() => call(url)) })),
    recorded: await watch(record),
    answered: await watch(answerWith()),
    refused: await watch(refuse),
    passed: await watch(() => ({ does: 'pass' })),
    // Twenty calls of the watched context, and as many by others at the same time, over the same pools.
    parallel: await counted(async () => {
      const many = (base) => Array.from({ length: 20 }, (_, index) => `${base}/${index}`)
      const [taped, live] = await Promise.all([
        watched(answerWith(), () =>
          Promise.all(many(url).map((each) => outcomeOf(() => call(each)))),
        ),
        Promise.all(many(other).map((each) => outcomeOf(() => call(each)))),
      ])
      return { taped: taped.outcome, live }
    }),
    after: await counted(async () => ({ outcome: await outcomeOf(() => call(url)) })),
  }
}

const results = {}
const scenarios = {
  async verdicts() {
    completeOutboundHooks()
    for (const [name, call] of Object.entries({ ...clients, ...bundledClients }))
      results[name] = await verdictsOn(call, upstream.http)
    if (upstream.https === undefined) return
    for (const [name, call] of Object.entries(secureClients))
      results[name] = await verdictsOn(call, upstream.https)
  },

  async recording() {
    completeOutboundHooks()
    const kinds = {
      http: clients['http.get'],
      fetch: clients.fetch,
      'undici 6': clients['undici 6 request'],
      'undici 7': clients['undici 7 request'],
      'undici 7 Pool': clients['undici 7 Pool'],
    }
    for (const [name, call] of Object.entries(kinds)) {
      const of = (path) => watched(record, () => call(upstream.http + path))
      results[name] = {
        gzip: (await of('/gzip')).records.map(({ body }) => body === zipped.toString('latin1')),
        empty: (await of('/empty')).records,
        long: (await of('/long')).records,
        broken: (await of('/broken')).records,
        hint: (await of('/hint')).records,
      }
    }
    results.redirect = await watched(record, () => clients.fetch(`${upstream.http}/redirect`))
    results.early = {}
    for (const [name, call] of Object.entries(early))
      results.early[name] = await watched(record, () => call(`${upstream.http}/stream`))
    results.slowly = {}
    for (const [name, call] of Object.entries(slowly))
      results.slowly[name] = await watched(record, () => call(`${upstream.http}/stream`))
    results.head = await watched(record, async () => {
      const { status } = await fetch(upstream.http, { method: 'HEAD' })
      return status
    })
  },

  async answering() {
    completeOutboundHooks()
    const through = (parts, work) => counted(() => watched(answerWith(parts), work))
    const big = { body: Buffer.alloc(300_000, 'z') }
    const bodiless = { status: 204, headers: [], body: Buffer.alloc(0) }
    const target = `${upstream.http}/items/1`
    const hop = ({ method, url }) =>
      answerWith(url === target ? {} : { status: 302, headers: ['Location', target] })({
        method,
        url,
      })
    results.redirect = await counted(() =>
      watched(hop, () => clients.fetch(`${upstream.http}/redirect`)),
    )
    results.early = {}
    for (const [name, call] of Object.entries(early))
      results.early[name] = await through(big, () => call(target))
    results.slowly = {}
    for (const [name, call] of Object.entries(slowly))
      results.slowly[name] = await through(big, () => call(target))
    results.empty = await through(bodiless, () => clients['http.get'](target))
    results.emptyFetch = await through(bodiless, () => clients.fetch(target))
    results.head = await through({ headers: ['Content-Length', '7'] }, async () => {
      const response = await fetch(target, { method: 'HEAD' })
      return { status: response.status, length: response.headers.get('content-length') }
    })
    // A tape that was closed is opened again by the next answer.
    closeTape()
    results.again = await through({}, () => clients['keep-alive agent'](target))
    results.againFetch = await through({}, () => clients.fetch(target))
  },
}

await scenarios[process.argv[2]]()
closeTape()
await settled()
const ports = [upstream.http, upstream.https].map((origin) => origin && new URL(origin).port)
results.strangers = agents
  .flatMap(({ sockets, freeSockets }) => [sockets, freeSockets])
  .flatMap((byName) => Object.values(byName).flat())
  .map(({ remotePort }) => String(remotePort))
  .filter((port) => !ports.includes(port))
upstream.close()
process.stdout.write(JSON.stringify(results))
