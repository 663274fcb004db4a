import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessOfSql, type Dialect } from './sql.ts'

const both = ['postgres', 'mysql'] as const

const reads: [sql: string, ...dialects: Dialect[]][] = [
  [''],
  ['-- ping'],
  ['/* ping */;'],
  ['SELECT 1'],
  ['select * from orders where id = $1', 'postgres'],
  ['(SELECT 1) UNION (SELECT 2)'],
  ["SELECT 'DELETE FROM t; INSERT' AS text, 'it''s'"],
  ["SELECT 'it\\'s; DELETE FROM t'", 'mysql'],
  ['SELECT "update" FROM t WHERE "delete" = 1'],
  ['SELECT `update` FROM t -- DELETE\n', 'mysql'],
  ['SELECT 1 # DELETE', 'mysql'],
  ['SELECT 1 /* DELETE /* nested */ DROP */', 'postgres'],
  ["SELECT $$DELETE$$, $a$ $$ ; DROP $a$, E'\\'; DROP'", 'postgres'],
  ['SELECT updated_at, created, deleted FROM t'],
  ['SELECT /*!40001 SQL_NO_CACHE */ * FROM t', 'mysql'],
  ['SELECT /*+ MAX_EXECUTION_TIME(1000) */ 1', 'mysql'],
  ["SELECT replace(name, 'a', 'b') FROM t"],
  ['SELECT id FROM t ORDER BY id OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY', 'postgres'],
  ['SELECT pg_typeof(1), pg_total_relation_size(1), pg_is_in_recovery(), pg_sleep(0)', 'postgres'],
  ['SELECT lo_orderkey FROM lineorder'],
  ['WITH recent AS (SELECT * FROM t) SELECT * FROM recent'],
  ['VALUES (1), (2)', 'postgres'],
  ['TABLE t'],
  ['SHOW CREATE TABLE t', 'mysql'],
  ['SHOW search_path', 'postgres'],
  ['DESCRIBE t', 'mysql'],
  ['EXPLAIN DELETE FROM t'],
  ['EXPLAIN (ANALYZE, BUFFERS) SELECT 1', 'postgres'],
  ['EXPLAIN ANALYZE SELECT 1'],
  ['USE shop', 'mysql'],
  ["SET NAMES 'utf8mb4'", 'mysql'],
  ['SET SESSION sql_mode = DEFAULT, autocommit = 0', 'mysql'],
  ["SET LOCAL lock_timeout = '1s'; SET search_path TO a, b", 'postgres'],
  ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'postgres'],
  ['BEGIN; SELECT 1; COMMIT'],
  ['START TRANSACTION WITH CONSISTENT SNAPSHOT', 'mysql'],
  ['SAVEPOINT a; RELEASE SAVEPOINT a; ROLLBACK TO a; ROLLBACK; END'],
  ['DEALLOCATE ALL; DISCARD ALL; RESET ALL', 'postgres'],
  ['DECLARE c CURSOR FOR SELECT * FROM t; FETCH 10 FROM c; CLOSE c', 'postgres'],
]

const writes: typeof reads = [
  ['INSERT INTO t VALUES (1)'],
  ['  /* a */ -- b\n update t set a = 1'],
  ['SELECT 1; DELETE FROM t'],
  ['SELECT * INTO copy FROM t'],
  ["SELECT * FROM t INTO OUTFILE '/tmp/x'", 'mysql'],
  ['SELECT * FROM t FOR UPDATE'],
  ['SELECT * FROM t LOCK IN SHARE MODE', 'mysql'],
  ['WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone'],
  ["SELECT nextval('s')", 'postgres'],
  ["SELECT pg_catalog.nextval ('s')", 'postgres'],
  ['SELECT "nextval"/* */(\'s\')', 'postgres'],
  ['SELECT s.nextval', 'mysql'],
  ['SELECT NEXT VALUE FOR s', 'mysql'],
  ["SELECT setval('s', 1)", 'postgres'],
  ['SELECT pg_advisory_lock(1)', 'postgres'],
  ['SELECT pg_try_advisory_xact_lock(1)', 'postgres'],
  ["SELECT pg_notify('a', 'b')", 'postgres'],
  ['SELECT pg_terminate_backend(1)', 'postgres'],
  ['SELECT lo_unlink(1)', 'postgres'],
  ["SELECT dblink_exec('a', 'b')", 'postgres'],
  ["SELECT GET_LOCK('a', 1)", 'mysql'],
  ['SELECT 1; CALL f()'],
  ['DO $$ BEGIN DELETE FROM t; END $$', 'postgres'],
  ['EXPLAIN ANALYZE DELETE FROM t'],
  ['EXPLAIN (ANALYZE) EXECUTE prepared', 'postgres'],
  ['PREPARE a AS SELECT 1', 'postgres'],
  ['EXECUTE a'],
  ['COPY t FROM STDIN', 'postgres'],
  ['REPLACE INTO t VALUES (1)', 'mysql'],
  ["LOAD DATA LOCAL INFILE 'a' INTO TABLE t", 'mysql'],
  ['SET GLOBAL max_connections = 1', 'mysql'],
  ['SET @@persist.max_connections = 1', 'mysql'],
  ['SET a = 1, GLOBAL b = 2', 'mysql'],
  ["SET PASSWORD = 'x'", 'mysql'],
  ['SET DEFAULT ROLE a TO b', 'mysql'],
  ['SET STATEMENT max_statement_time = 1 FOR REPLACE INTO t VALUES (1)', 'mysql'],
  ['RESET MASTER', 'mysql'],
  ['START REPLICA', 'mysql'],
  ['BEGIN NOT ATOMIC REPLACE t VALUES (1); END', 'mysql'],
  ["COMMIT PREPARED 'a'", 'postgres'],
  ['LISTEN a', 'postgres'],
  ['VACUUM', 'postgres'],
  ['ANALYZE TABLE t', 'mysql'],
  ['/*!50000 DELETE FROM t */', 'mysql'],
  ['SELECT 1 /* /* */ ; DELETE FROM t -- */', 'mysql'],
  ['SELECT 5--1; DELETE FROM t', 'mysql'],
  ['SELECT a # b; DELETE FROM t', 'postgres'],
  ["SELECT 'a\\'; DELETE FROM t; --'", 'postgres'],
  ["SELECT 'a\\'' ; DELETE FROM t --'", 'postgres'],
  ["SELECT 'not closed"],
  ['SELECT 1 /* not closed'],
  ['SELECT $$not closed', 'postgres'],
  ['SELECT 1INTO t FROM u', 'postgres'],
]

const each = (list: typeof reads): [Dialect, string][] =>
  list.flatMap(([sql, ...dialects]) =>
    (dialects.length === 0 ? both : dialects).map((dialect): [Dialect, string] => [dialect, sql]),
  )

describe('what only reads', () => {
  it.each(each(reads))('%s: %s', (dialect, sql) => {
    expect(accessOfSql(sql, dialect)).toBe('read')
  })
})

describe('what writes, or may', () => {
  it.each(each(writes))('%s: %s', (dialect, sql) => {
    expect(accessOfSql(sql, dialect)).toBe('write')
  })
})

it('a write stays one whatever statements, comments and literals stand around it', () => {
  const harmless = fc.constantFrom(
    'SELECT 1;',
    "SELECT 'a;b';",
    'SELECT "a;b";',
    '/* ; */',
    '-- DELETE\n',
    '(SELECT 1);',
    ' \n',
    ';',
  )
  const write = fc.constantFrom(
    'DELETE FROM t',
    'INSERT INTO t VALUES (1)',
    'DROP TABLE t',
    'GRANT a TO b',
  )
  const around = fc.array(harmless).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.constantFrom(...both), around, write, around, (dialect, before, sql, after) => {
      expect(accessOfSql(`${before}${after}`, dialect)).toBe('read')
      expect(accessOfSql(`${before}${sql};${after}`, dialect)).toBe('write')
    }),
  )
})

it('any text is a read or a write', () => {
  const parts = fc.constantFrom(
    ..."'|\"|`|/*|*/|/*!|$a$|$$|\\|e'|--|#|;|(|1|a|SELECT |nextval|\n|\0".split('|'),
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 300 }).map((list) => list.join('')),
  )
  fc.assert(
    fc.property(text, fc.constantFrom(...both), (sql, dialect) => {
      expect(['read', 'write']).toContain(accessOfSql(sql, dialect))
    }),
    { numRuns: 1000 },
  )
})
