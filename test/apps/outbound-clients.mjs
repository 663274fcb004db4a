// Ways to make an outbound HTTP call: each takes a URL and resolves to `{ status, body }`.
import { createRequire } from 'node:module'
import http, { get as importedGet } from 'node:http'
import https from 'node:https'
import { pipeline, Writable } from 'node:stream'
import undici6 from 'undici6'
import undici7 from 'undici'

const capturedFetch = globalThis.fetch
const tls = { rejectUnauthorized: false }
export const keepAlive = new http.Agent({ keepAlive: true })
const crowded = new http.Agent({ keepAlive: true, maxSockets: 1 })
const secure = new https.Agent({ keepAlive: true, ...tls })
export const agents = [keepAlive, crowded, secure, http.globalAgent, https.globalAgent]

const byCallback = (start) =>
  new Promise((resolve, reject) => {
    start((response) => {
      response.setEncoding('utf8')
      let body = ''
      response.on('data', (chunk) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode, body }))
      response.on('error', reject)
    }).on('error', reject)
  })

const post = (url, options) =>
  byCallback((onResponse) => {
    const request = http.request(url, { method: 'POST', ...options }, onResponse)
    request.write('first,')
    setImmediate(() => request.end('second'))
    return request
  })

const byIteration = async (url) => {
  const response = await new Promise((resolve, reject) =>
    http.get(url, resolve).on('error', reject),
  )
  const chunks = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() }
}

const byFetch =
  (call, init) =>
  async (url, ...more) => {
    const response = await call(url, { ...init, ...more[0] })
    return { status: response.status, body: await response.text() }
  }

const byRequest = (call) => async (url, options) => {
  const { statusCode, body } = await call(url, options)
  return { status: statusCode, body: await body.text() }
}

const byDispatcher = (make) => {
  const byOrigin = new Map()
  return async (url) => {
    const { origin, pathname, search } = new URL(url)
    if (!byOrigin.has(origin)) byOrigin.set(origin, make(origin))
    const options = { path: pathname + search, method: 'GET' }
    return byRequest((all) => byOrigin.get(origin).request(all))(options)
  }
}

const byStream = (undici) => async (url) => {
  const chunks = []
  let status
  await undici.stream(url, { method: 'GET', opaque: chunks }, ({ statusCode }) => {
    status = statusCode
    return new Writable({
      write(chunk, _encoding, callback) {
        chunks.push(chunk)
        callback()
      },
    })
  })
  return { status, body: Buffer.concat(chunks).toString() }
}

/** As a bundler does it: loaded, and not to be found among the loaded modules. */
function bundled(name) {
  const require = createRequire(import.meta.url)
  const file = require.resolve(name)
  const folder = file.slice(0, file.lastIndexOf('/'))
  const isOf = (each) => each.startsWith(folder)
  const kept = Object.entries(require.cache).filter(([each]) => isOf(each))
  for (const [each] of kept) delete require.cache[each]
  const undici = require(name)
  for (const each of Object.keys(require.cache).filter(isOf)) delete require.cache[each]
  for (const [each, module] of kept) require.cache[each] = module
  return undici
}

const bundled6 = bundled('undici6')
const bundled7 = bundled('undici')

const ofUndici = (name, undici) => ({
  [`${name} request`]: byRequest(undici.request),
  [`${name} fetch`]: byFetch(undici.fetch),
  [`${name} stream`]: byStream(undici),
  [`${name} Pool`]: byDispatcher((origin) => new undici.Pool(origin, { connections: 2 })),
  [`${name} Client`]: byDispatcher((origin) => new undici.Client(origin)),
  [`${name} Agent`]: (
    (dispatcher) => (url) =>
      byRequest(undici.request)(url, { dispatcher })
  )(new undici.Agent()),
})

/** Over `http:`. */
export const clients = {
  'http.get': (url) => byCallback((onResponse) => http.get(url, onResponse)),
  'named import': (url) => byCallback((onResponse) => importedGet(url, onResponse)),
  'options instead of a URL': (url) => {
    const { hostname: host, port, pathname, search } = new URL(url)
    const options = { host, port, path: pathname + search, headers: ['host', `${host}:${port}`] }
    return byCallback((onResponse) => http.get(options, onResponse))
  },
  'keep-alive agent': (url) =>
    byCallback((onResponse) => http.get(url, { agent: keepAlive }, onResponse)),
  'agent with one socket': (url) =>
    byCallback((onResponse) => http.get(url, { agent: crowded }, onResponse)),
  'agent: false': (url) => byCallback((onResponse) => http.get(url, { agent: false }, onResponse)),
  'async iteration': byIteration,
  'POST in chunks': (url) => post(url),
  'POST with a length': (url) => post(url, { headers: { 'content-length': 12 } }),
  'POST that waits for 100': (url) => post(url, { headers: { expect: '100-continue' } }),
  fetch: (url) => byFetch(fetch)(url),
  'captured fetch': byFetch(capturedFetch),
  'fetch POST': byFetch(capturedFetch, { method: 'POST', body: 'first,second' }),
  ...ofUndici('undici 6', undici6),
  ...ofUndici('undici 7', undici7),
}

/** Of copies that cannot be found before they have been connected. */
export const bundledClients = {
  'bundled undici 6 Pool': byDispatcher((origin) => new bundled6.Pool(origin, { connections: 2 })),
  'bundled undici 6 Client': byDispatcher((origin) => new bundled6.Client(origin)),
  'bundled undici 7 Pool': byDispatcher((origin) => new bundled7.Pool(origin, { connections: 2 })),
  'bundled undici 7 Client': byDispatcher((origin) => new bundled7.Client(origin)),
}

/** Over `https:`. */
export const secureClients = {
  'https.get': (url) => byCallback((onResponse) => https.get(url, tls, onResponse)),
  'https keep-alive agent': (url) =>
    byCallback((onResponse) => https.get(url, { agent: secure }, onResponse)),
  'undici 7 https Pool': byDispatcher((origin) => new undici7.Pool(origin, { connect: tls })),
  'undici 6 https Pool': byDispatcher((origin) => new undici6.Pool(origin, { connect: tls })),
}

export const early = {
  /** Destroys the request after the first chunk. */
  http: (url) =>
    new Promise((resolve, reject) => {
      const request = http.get(url, (response) => {
        response.once('data', () => {
          response.once('close', () => resolve('destroyed'))
          request.destroy()
        })
        response.on('error', () => undefined)
      })
      request.on('error', reject)
    }),
  fetch: async (url) => {
    const { body } = await fetch(url)
    const reader = body.getReader()
    await reader.read()
    await reader.cancel()
    return 'destroyed'
  },
  /** Nobody listens to the answer. */
  ignored: (url) =>
    new Promise((resolve, reject) => {
      http
        .get(url)
        .on('close', () => resolve('ignored'))
        .on('error', reject)
    }),
}

export const slowly = {
  /** Through a writable that takes its time. */
  http: (url) =>
    new Promise((resolve, reject) => {
      let length = 0
      const sink = new Writable({
        highWaterMark: 1024,
        write(chunk, _encoding, callback) {
          length += chunk.length
          setImmediate(callback)
        },
      })
      http.get(url, (response) =>
        pipeline(response, sink, (error) => (error ? reject(error) : resolve(length))),
      )
    }),
  fetch: async (url) => {
    let length = 0
    for await (const chunk of (await fetch(url)).body) {
      length += chunk.length
      await new Promise(setImmediate)
    }
    return length
  },
}
