import { finish, note, watch } from './watched.mjs'
import mysql from 'mysql2/promise'

const options = { socketPath: process.env.SOCKET, user: 'root', database: 'shop' }
const open = async (more) => {
  const connection = await mysql.createConnection({ ...options, ...more })
  connection.connection.on('error', () => {})
  return connection
}
const insert = 'INSERT INTO effects (id) VALUES (1)'

const observer = await open()
const count = async () => (await observer.query('SELECT count(*) AS n FROM effects'))[0][0].n
const connections = async () =>
  Number((await observer.query("SHOW GLOBAL STATUS LIKE 'Connections'"))[0][0].Value)
await observer.query('DROP TABLE IF EXISTS effects')
await observer.query('CREATE TABLE effects (id int)')

await watch('connect', async () => (await open()).end())
const connection = await open()
await watch('reads', async () => {
  await connection.query('SELECT ?', ["it's; DELETE FROM effects"])
  for (const value of [1, 2]) await connection.execute('SELECT ?', [value])
  await connection.ping()
})
await watch('write', () => connection.query(insert).then(() => undefined))
note('count after the write', await count())
const remove = 'DELETE FROM effects WHERE id = ?'
await connection.execute(remove, [2])
await watch('prepared earlier, refused', () => connection.execute(remove, [1]), 'mysql write')
note('count after the refusal', await count())

const pool = mysql.createPool({ ...options, connectionLimit: 2 })
await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 2')])
await watch('pool reads', async () => {
  await Promise.all([pool.query('SELECT 1'), pool.execute('SELECT ?', [1])])
})
await watch('pool write, refused', () => pool.query(insert), 'mysql write')
note('count after the pool', await count())
await pool.query(insert)
note('the pool works as before', await count())
const before = await connections()
await watch('connect, refused', () => open(), 'tcp read')
note('connections since', (await connections()) - before)

if (process.env.TLS) {
  const secure = () => open({ ssl: { rejectUnauthorized: false } })
  await watch('tls', async () => {
    const one = await secure()
    const [[{ Value: cipher }]] = await one.query("SHOW STATUS LIKE 'Ssl_cipher'")
    await one.end()
    return cipher !== ''
  })
  const one = await secure()
  await watch('tls write, refused', () => one.query(insert), 'mysql write')
  note('count after tls', await count())
}
finish()
