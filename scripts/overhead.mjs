/**
 * What recording costs: CPU of the server per request, requests per second and 99th percentile, with the recorder over
 * without. Three servers run side by side, one recorded and two not, and take short turns under load, so that all see the same noise
 * of the machine; the second one without the recorder shows how much of it is left. Repeated with fresh processes.
 * Usage: npm run overhead -- [--node 24] [--processes 5] [--turns 12] [--json]     (Linux: reads /proc)
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { nodeOfLine } from './node-lines.mjs'
import { root, run, shop, startService } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    processes: { type: 'string', default: '5' },
    turns: { type: 'string', default: '12' },
    json: { type: 'boolean', default: false },
  },
})

const connections = 8
/** Requests before measuring, in turns: enough for every route to have all the exemplars that it will keep. */
const warmUpTurns = 6

const tinyServer = `
const http = require('node:http')
// About 50 us of work for each request.
const server = http.createServer((request, response) => {
  let sum = 0
  for (let i = 0; i < 20000; i++) sum += i % 7
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ sum, url: request.url }))
})
server.listen(0, () => console.log('listening on http://127.0.0.1:' + server.address().port))
`

await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { bootstrapMedian } = await import('../dist/dashboard/analysis/bootstrap.js')
const { seededRandom } = await import('../dist/dashboard/analysis/seeded-random.js')
const node = nodeOfLine(values.node)
const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-overhead-'))
const tiny = path.join(folder, 'tiny.cjs')
writeFileSync(tiny, tinyServer)
const { generateRequests } = (await import(pathToFileURL(path.join(shop, 'traffic.js')).href))
  .default

const shopRequests = generateRequests(1, 400)
const services = [
  {
    name: 'samples/shop',
    script: path.join(shop, 'server.js'),
    requestsOfTurn: () => shopRequests,
  },
  {
    name: '50 us handler',
    script: tiny,
    // Ids that never come again, as in a long recording.
    requestsOfTurn: () =>
      Array.from({ length: 4000 }, () => ({ method: 'GET', path: `/items/${randomUUID()}` })),
  },
]
const arms = {
  off: [],
  on: ['--import', path.join(root, 'dist', 'recorder', 'preload.js')],
  again: [],
}

/** CPU time of all threads of a process so far, microseconds: sched-stats in the kernel's documentation. */
function cpuMicros(pid) {
  const tasks = `/proc/${pid}/task`
  return readdirSync(tasks).reduce((sum, task) => {
    const [nanos] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')
    return sum + Number(nanos) / 1000
  }, 0)
}

/** Sends all requests once over keep-alive connections, each the next that is free, and returns the latencies in ms. */
async function load(url, agent, requests) {
  const { hostname, port } = new URL(url)
  const latencies = []
  let next = 0
  const one = async () => {
    while (next < requests.length) {
      const { method, path: target, headers, body } = requests[next++]
      const start = performance.now()
      const request = http.request({ hostname, port, agent, method, path: target, headers })
      request.end(body)
      const [response] = await once(request, 'response')
      response.resume()
      await once(response, 'end')
      latencies.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  return latencies.sort((a, b) => a - b)
}

async function startArm(script, preload) {
  const env = { PREWARM_OUT: path.join(folder, '{pid}.prewarm'), PREWARM_QUIET: '1' }
  const service = await startService(node, [...preload, script], env)
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  return {
    async turn(requests) {
      const before = cpuMicros(service.child.pid)
      const start = performance.now()
      const latencies = await load(service.url, agent, requests)
      return {
        cpuMicros: (cpuMicros(service.child.pid) - before) / requests.length,
        perSecond: (1000 * requests.length) / (performance.now() - start),
        p99Ms: latencies[Math.floor(latencies.length * 0.99)],
      }
    },
    async stop() {
      agent.destroy()
      await service.stop('SIGKILL')
    },
  }
}

const names = Object.keys(arms)
const metrics = ['cpuMicros', 'perSecond', 'p99Ms']
const report = []
for (const { name, script, requestsOfTurn } of services) {
  const samples = []
  for (let round = 1; round <= Number(values.processes); round++) {
    const running = await Promise.all(names.map((arm) => startArm(script, arms[arm])))
    for (let turn = -warmUpTurns; turn < Number(values.turns); turn++) {
      const requests = requestsOfTurn()
      const sample = {}
      for (let place = 0; place < names.length; place++) {
        const index = (place + turn + warmUpTurns) % names.length
        sample[names[index]] = await running[index].turn(requests)
      }
      if (turn >= 0) samples.push(sample)
    }
    for (const each of running) await each.stop()
    process.stderr.write(`${name}: processes ${round} of ${values.processes}\n`)
  }
  for (const metric of metrics) {
    const ratio = (arm) =>
      bootstrapMedian(
        samples.map((sample) => sample[arm][metric] / sample.off[metric]),
        { random: seededRandom(1) },
      )
    const off = samples.map((sample) => sample.off[metric])
    report.push({ service: name, metric, off, on: ratio('on'), control: ratio('again') })
  }
}
rmSync(folder, { recursive: true, force: true })

const show = ({ median, low, high }) =>
  `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`
if (values.json) console.log(JSON.stringify({ schemaVersion: 1, node, report }, null, 2))
else {
  const { renderTable } = await import('../dist/cli/render/table.js')
  const labels = {
    cpuMicros: 'CPU per request, us',
    perSecond: 'requests per second',
    p99Ms: 'p99, ms',
  }
  const rows = report.map(({ service, metric, off, on, control }) => [
    service,
    labels[metric],
    off.toSorted((a, b) => a - b)[off.length >> 1].toFixed(1),
    show(on),
    show(control),
  ])
  console.log(
    renderTable(
      [
        { title: 'service' },
        { title: 'metric' },
        { title: 'not recorded', align: 'right' },
        { title: 'recorded / not', align: 'right' },
        { title: 'not / not (noise)', align: 'right' },
      ],
      rows,
    ),
  )
  console.log(
    `\nMedians over ${values.processes} x ${values.turns} turns on ${node}, 95 % interval in brackets.`,
  )
}
