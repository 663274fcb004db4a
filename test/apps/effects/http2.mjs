// Calls over a session from before the hooks were complete, and over one from after.
import { once } from 'node:events'

const { connect, createServer } = await import('node:http2')
const asked = []
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`)
  response.end('ok')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address()
const warm = connect(`http://127.0.0.1:${port}`)
await once(warm, 'connect')
await effectHooks.completeEffectHooks()
const late = connect(`http://127.0.0.1:${port}`)
await once(late, 'connect')

const ask = async (session, headers) => {
  const stream = session.request(headers)
  stream.resume()
  stream.end()
  await once(stream, 'end')
}
const both = async (run) => ({
  refused: await observe(run, { refuse: true }),
  allowed: await observe(run),
})
const results = {
  warm: await both(() => ask(warm, { ':path': '/warm?token=1' })),
  late: await both(() => ask(late, { ':method': 'POST', ':path': '/late' })),
  'by default': await both(() => ask(late)),
  'by name': await both(() => ask(warm, { ':authority': 'shop.test', ':path': '/' })),
}
const { major } = { major: Number(process.versions.node.split('.')[0]) }
if (major >= 24) {
  const list = [':method', 'GET', ':authority', 'list.test', ':scheme', 'http', ':path', '/list']
  results['by list'] = await both(() => ask(warm, list))
}
warm.close()
late.close()
server.close(() => {
  console.log(JSON.stringify({ results, asked }).replaceAll(String(port), 'PORT'))
})
