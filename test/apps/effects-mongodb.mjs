import { finish, note, watch } from './watched.mjs'
import net from 'node:net'
import { BSON, MongoClient } from 'mongodb'

// There is no server to be had everywhere, so the real driver talks to a peer that says yes to everything.
const received = []
const server = net.createServer((socket) => {
  let bytes = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk])
    while (bytes.length >= 16 && bytes.length >= bytes.readInt32LE(0)) {
      const length = bytes.readInt32LE(0)
      socket.write(answerTo(bytes.subarray(0, length)))
      bytes = bytes.subarray(length)
    }
  })
})

function answerTo(message) {
  const isQuery = message.readInt32LE(12) === 2004
  const start = isQuery ? message.indexOf(0, 20) + 9 : 21
  const [name] = Object.keys(
    BSON.deserialize(message.subarray(start, start + message.readInt32LE(start))),
  )
  received.push(name)
  const hello = { helloOk: true, isWritablePrimary: true, maxWireVersion: 21, minWireVersion: 0 }
  const limits = { maxBsonObjectSize: 16e6, maxMessageSizeBytes: 48e6, maxWriteBatchSize: 1e5 }
  const cursor = { id: BSON.Long.ZERO, ns: 'shop.things', firstBatch: [] }
  const body = BSON.serialize({ ...hello, ...limits, cursor, n: 1, nModified: 1, ok: 1 })
  const header = Buffer.alloc(isQuery ? 36 : 21)
  header.writeInt32LE(header.length + body.length, 0)
  header.writeInt32LE(message.readInt32LE(4), 8)
  header.writeInt32LE(isQuery ? 1 : 2013, 12)
  if (isQuery) header.writeInt32LE(1, 32)
  return Buffer.concat([header, body])
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address()
const open = () =>
  new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true&retryWrites=false`, {
    serverSelectionTimeoutMS: 1000,
  }).connect()
note('port', port)

const thingsOf = (client) => client.db('shop').collection('things')
const client = await open()
await thingsOf(client).findOne()
await watch('connect', async () => {
  const one = await open()
  await thingsOf(one).findOne()
})
await watch('reads', async () => {
  await thingsOf(client).find({ a: 'insert' }).toArray()
  await thingsOf(client)
    .aggregate([{ $match: { a: 1 } }])
    .toArray()
  await thingsOf(client).countDocuments()
})
await watch('write', () =>
  thingsOf(client)
    .insertOne({ a: 1 })
    .then(() => undefined),
)
const commands = received.length
for (const [name, work] of Object.entries({
  insert: (things) => things.insertOne({ a: 1 }),
  out: (things) => things.aggregate([{ $out: 'other' }]).toArray(),
  remove: (things) => things.deleteMany({}),
}))
  await watch(`${name}, refused`, () => work(thingsOf(client)), 'mongodb write')
note(
  'received since',
  received.slice(commands).filter((name) => /insert|aggregate|delete/.test(name)),
)
finish()
