import { context, finish, note, watch } from './watched.mjs'
import pg from 'pg'

const options = { host: process.env.FOLDER, user: 'shop', database: 'postgres' }
const open = async (more) => {
  const client = new pg.Client({ ...options, ...more })
  client.on('error', () => {})
  await client.connect()
  return client
}
const insert = 'INSERT INTO effects (id) VALUES (1)'

const observer = await open()
const count = async () => (await observer.query('SELECT count(*)::int AS n FROM effects')).rows[0].n
await observer.query('DROP TABLE IF EXISTS effects; CREATE TABLE effects (id int)')

await watch('connect', async () => (await open()).end())
const client = await open()
await watch('reads', async () => {
  await client.query('SELECT 1')
  await client.query('SELECT $1::int', [1])
  for (const value of [1, 2])
    await client.query({ name: 'read', text: 'SELECT $1::int', values: [value] })
})
const remove = { name: 'remove', text: 'DELETE FROM effects WHERE id = $1', values: [1] }
await client.query(remove)
await watch('write', () => client.query(insert).then(() => undefined))
note('count after the write', await count())
await watch('prepared earlier, refused', () => client.query(remove), 'postgres write')
note('count after the refusal', await count())

const pool = new pg.Pool({ ...options, max: 2 })
pool.on('error', () => {})
await Promise.all([pool.query('SELECT pg_sleep(0.01)'), pool.query('SELECT pg_sleep(0.01)')])
await watch('pool reads', async () => {
  await Promise.all([pool.query('SELECT 1'), pool.query('SELECT $1::int', [1])])
})
await watch('pool write, refused', () => pool.query(insert), 'postgres write')
await watch(
  'pool transaction, refused',
  async () => {
    const one = await pool.connect()
    // Without this one pg throws when a connection breaks that is in use, whatever breaks it.
    one.on('error', () => {})
    try {
      await one.query('BEGIN')
      await one.query('INSERT INTO effects (id) VALUES ($1)', [2])
      await one.query('COMMIT')
    } finally {
      one.release()
    }
  },
  'postgres write',
)
note('count after the pool', await count())
await pool.query(insert)
note('the pool works as before', await count())
await watch('connect, refused', () => open({ application_name: 'refused' }), 'tcp read')

if (process.env.TLS_PORT) {
  const tls = { host: '127.0.0.1', port: Number(process.env.TLS_PORT) }
  const secure = () => open({ ...tls, ssl: { rejectUnauthorized: false } })
  await watch('tls', async () => {
    const one = await secure()
    await one.query('SELECT 1')
    await one.end()
  })
  const one = await context.exit(secure)
  await watch('tls write, refused', () => one.query(insert), 'postgres write')
  note('count after tls', await count())
}
finish()
