// What statements do, refused and allowed; the database was opened, and one of them prepared, before the hooks were complete.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const { default: sqlite } = await import('node:sqlite')
const scratch = mkdtempSync(path.join(os.tmpdir(), 'prewarm-sqlite-'))
const database = new sqlite.DatabaseSync(path.join(scratch, 'shop.db'))
database.exec('CREATE TABLE orders (id INTEGER)')
const before = database.prepare('INSERT INTO orders VALUES (1)')
await effectHooks.completeEffectHooks()

const copy = path.join(scratch, 'copy.db')
const cases = {
  'prepared before': () => before.run(),
  get: () => database.prepare('INSERT INTO orders VALUES (2) RETURNING id').get(),
  all: () => database.prepare('DELETE FROM orders RETURNING id').all(),
  iterate: () => [...database.prepare('UPDATE orders SET id = 3 RETURNING id').iterate()],
  exec: () => database.exec('DROP TABLE orders; CREATE TABLE orders (id INTEGER)'),
  backup: () => sqlite.backup(database, copy),
}
const count = () => database.prepare('SELECT count(*) AS count FROM orders').get().count
const refused = {}
for (const [name, run] of Object.entries(cases))
  refused[name] = await observe(run, { refuse: true })
const untouched = { orders: count(), isCopied: existsSync(copy) }
const allowed = {}
for (const [name, run] of Object.entries(cases)) {
  const { how, told } = await observe(run)
  allowed[name] = { how, told }
}
const read = await observe(() => count(), { refuse: true })
database.close()
rmSync(scratch, { recursive: true })
console.log(JSON.stringify({ refused, untouched, allowed, read }).replaceAll(scratch, ''))
