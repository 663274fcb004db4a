// Nothing here loads undici before the first fetch, which is a watched one.
const http = require('node:http')

const { watched, completeOutboundHooks, closeTape } = globalThis.outbound
const isLoaded = () => Symbol.for('undici.globalDispatcher.1') in globalThis
let hits = 0

const server = http.createServer((_request, response) => {
  hits++
  response.end('live')
})
server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/`
  const ask = async () => (await fetch(url)).text()
  const exchange = { method: 'GET', url, status: 200, headers: [], body: Buffer.from('taped') }
  completeOutboundHooks()
  const before = isLoaded()
  const { outcome } = await watched(() => ({ does: 'answer', exchange }), ask)
  closeTape()
  const hitsByTape = hits
  const result = {
    before,
    outcome,
    hitsByTape,
    live: await ask(),
    names: [fetch.name, fetch.length],
  }
  process.stdout.write(JSON.stringify(result))
  server.close()
  server.closeIdleConnections()
})
