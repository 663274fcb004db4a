import path from 'node:path'
import type { Effect } from '../../formats/effects.ts'
import { reject, watch } from './hooking.ts'
import { accessOfSql } from './wire/sql.ts'

/** `node:sqlite` as far as it is hooked, which no types of Node 20 have. */
interface Sqlite {
  readonly DatabaseSync: { readonly prototype: object }
  readonly StatementSync: { readonly prototype: object }
}

const running = ['run', 'get', 'all', 'iterate']

let isWatched = false

/**
 * Watches `node:sqlite` where the application uses it. Which file a statement is about it does not say, so that all
 * databases have one name, those in memory too. Tag stores are not seen: each has a class of its own.
 */
export function watchSqlite(): void {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] }
  if (isWatched || !moduleLoadList.includes('NativeModule sqlite')) return
  isWatched = true
  const sqlite = process.getBuiltinModule('node:sqlite') as unknown as Sqlite
  const { DatabaseSync, StatementSync } = sqlite
  watch(DatabaseSync.prototype, 'exec', { effects: (_, [sql]) => writesBy(sql) })
  watch(DatabaseSync.prototype, 'applyChangeset', { effects: () => [writes] })
  for (const name of running) {
    watch(StatementSync.prototype, name, {
      effects: (self) => writesBy((self as { sourceSQL: string }).sourceSQL),
    })
  }
  // Not `import { backup }`: to renew what was imported would show an ES module what others have changed in Node since.
  watch(sqlite, 'backup', {
    effects: (_, [, file]) => [{ ...writes, target: path.resolve(file as string) }],
    refuse: reject,
  })
}

const writes: Effect = { kind: 'file', access: 'write', target: 'sqlite' }

/** What is quoted in the way of SQLite alone is not understood, and thus a write. */
function writesBy(sql: unknown): Effect[] {
  return accessOfSql(String(sql), 'postgres') === 'read' ? [] : [writes]
}
