// Prints how functions look from outside, and what they say to bad arguments: once with hooks, once without.
const childProcess = require('node:child_process')
const dgram = require('node:dgram')
const dns = require('node:dns')
const fs = require('node:fs')
const http2 = require('node:http2')
const inspector = require('node:inspector')
const net = require('node:net')
const { promisify } = require('node:util')
const v8 = require('node:v8')
const threads = require('node:worker_threads')

const shapeOf = (owner) =>
  Object.fromEntries(
    Reflect.ownKeys(owner).map((key) => {
      const { value, ...place } = Object.getOwnPropertyDescriptor(owner, key)
      if (typeof value !== 'function') return [String(key), typeof value]
      const own = Reflect.ownKeys(value).map((name) => {
        const { value: held, ...flags } = Object.getOwnPropertyDescriptor(value, name)
        const shown = ['string', 'number'].includes(typeof held) ? held : typeof held
        return [String(name), shown, flags]
      })
      return [String(key), { place, own: own.sort() }]
    }),
  )

const complaint = async (fn, self, args) => {
  try {
    await fn.apply(self, args)
    return 'none'
  } catch (error) {
    return `${error.name} ${error.code}: ${error.message}`
  }
}

async function main() {
  await globalThis.effectHooks?.completeEffectHooks()
  const handle = await fs.promises.open(__filename)
  const session = http2.connect('http://localhost:1')
  session.on('error', () => {})
  session.destroy()
  const owners = {
    fs,
    'fs.promises': fs.promises,
    FileHandle: Object.getPrototypeOf(handle),
    child_process: childProcess,
    ChildProcess: childProcess.ChildProcess.prototype,
    dns,
    'dns.promises': dns.promises,
    Resolver: dns.Resolver.prototype,
    PromisesResolver: dns.promises.Resolver.prototype,
    Udp: dgram.Socket.prototype,
    Socket: net.Socket.prototype,
    Server: net.Server.prototype,
    inspector: { open: inspector.open },
    Session: Object.getPrototypeOf(session),
    threads,
    Worker: threads.Worker.prototype,
    MessagePort: threads.MessagePort.prototype,
    BroadcastChannel: threads.BroadcastChannel.prototype,
    process: {
      kill: process.kill,
      abort: process.abort,
      reallyExit: process.reallyExit,
      debug: process._debugProcess,
    },
    report: { writeReport: process.report.writeReport },
    v8: { writeHeapSnapshot: v8.writeHeapSnapshot },
  }
  const shapes = Object.fromEntries(Object.entries(owners).map(([name, o]) => [name, shapeOf(o)]))

  const watch = globalThis.observe ?? (async (work) => ({ value: await work() }))
  const complaints = {}
  const names =
    /^(append|l?f?ch|copy|cp|f?trunc|l?f?utimes|link|mk|open$|openSync|rename|rm|symlink|unlink|write)/
  const complain = async (owner, self, key) => {
    const fn = owner[key]
    const texts = []
    for (const args of [[], [null, null], [{}, {}, {}]]) texts.push(await complaint(fn, self, args))
    complaints[`${self.constructor.name} ${String(key)}`] = texts
  }
  const all = async () => {
    for (const key of Object.keys(fs).filter((name) => names.test(name))) {
      if (key === 'lchmod' || key === 'lchmodSync' || fs[key] === undefined) continue
      await complain(fs, fs, key)
      if (fs.promises[key] !== undefined) {
        complaints[`promises ${key}`] = await complaint(fs.promises[key], fs.promises, [null])
      }
    }
    for (const key of ['spawn', 'exec', 'fork', 'spawnSync', 'execSync', 'execFileSync'])
      complaints[key] = await complaint(childProcess[key], childProcess, [])
    complaints.kill = await complaint(process.kill, process, [])
    complaints.lookup = await complaint(dns.lookup, dns, ['name.test'])
    complaints.resolve = await complaint(dns.resolve, dns, [])
    complaints.send = await complaint(dgram.createSocket('udp4').unref().send, {}, [])
    complaints.listen = await complaint(net.Server.prototype.listen, net.createServer(), [{}])
    complaints.worker = await complaint(() => new threads.Worker(7), null, [])
    complaints.noNew = await complaint(() => threads.Worker(__filename), null, [])
  }
  await all()
  const unwatched = { ...complaints }
  await watch(all)
  const isWatchedTheSame = JSON.stringify(unwatched) === JSON.stringify(complaints)

  const buffer = Buffer.alloc(4)
  const promisified = {
    exists: await promisify(fs.exists)(__filename),
    read: Object.keys(await promisify(fs.read)(handle.fd, buffer, 0, 4, 0)),
    write: Object.keys(await promisify(fs.write)(1, '')),
    writev: Object.keys(await promisify(fs.writev)(1, [Buffer.alloc(0)])),
    lookup: Object.keys(await promisify(dns.lookup)('127.0.0.1')),
    exec: Object.keys(await promisify(childProcess.exec)('true')),
    native: typeof fs.realpath.native,
  }
  await handle.close()
  console.log(JSON.stringify({ shapes, unwatched, isWatchedTheSame, promisified }))
}
main()
