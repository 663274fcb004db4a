import { finish, note, watch } from './watched.mjs'
import Redis from 'ioredis'
import { createClient } from 'redis'

const path = process.env.SOCKET
const observer = new Redis(path)
const connections = async () =>
  Number(/total_connections_received:(\d+)/.exec(await observer.info('stats'))[1])
await observer.set('a', 'before')

const openIoredis = async () => {
  const client = new Redis(path, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => {})
  await client.connect()
  return client
}
const openRedis = async () => {
  const client = createClient({ socket: { path, reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  return client
}
const pipelineOf = {
  ioredis: (client) => client.pipeline().get('a').set('a', 'after').exec(),
  redis: (client) => client.multi().get('a').set('a', 'after').exec(),
}

for (const [name, open] of Object.entries({ ioredis: openIoredis, redis: openRedis })) {
  await watch(`${name} connect`, async () => (await open()).disconnect())
  const client = await open()
  await watch(`${name} reads`, async () => {
    await Promise.all([client.get('a'), client.mget?.('a', 'b') ?? client.mGet(['a', 'b'])])
  })
  await watch(`${name} write`, () => client.set('b', 'é').then(() => undefined))
  await watch(`${name} write, refused`, () => client.set('a', 'after'), 'redis write')
  const other = await open()
  await watch(
    `${name} pipeline, refused`,
    async () => {
      const answers = await pipelineOf[name](other)
      for (const [error] of answers) if (error) throw error
    },
    'redis write',
  )
  note(`${name} left`, await observer.mget('a', 'b'))
  await observer.del('b')
  const before = await connections()
  await watch(`${name} connect, refused`, open, 'tcp read')
  note(`${name} connections since`, (await connections()) - before)
}
finish()
