import { wordsOf, type Lexicon } from './sql-words.ts'

export type Dialect = 'postgres' | 'mysql'

const setOf = (...lines: string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '))

const writingWords = setOf(
  'INSERT UPDATE DELETE MERGE INTO TRUNCATE CREATE ALTER DROP GRANT REVOKE COPY CALL DO EXECUTE LOCK',
  // Without parentheses `s.NEXTVAL` of MariaDB.
  'NOTIFY LISTEN NEXTVAL SETVAL',
)

const writingFunction =
  /^(?:NEXTVAL|SETVAL|LO_\w+|LOWRITE|DBLINK\w*|GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS)\($/

/** Of PostgreSQL's administrative functions these only look; the others take locks, end backends, write files. */
const harmlessFunction = new RegExp(
  String.raw`^PG_(?:TYPEOF|SIZE_\w+|\w+_SIZE|\w+_IS_VISIBLE|(?:GET|IS|STAT_GET|CURRENT|LAST|SHOW|COLUMN|INPUT)_\w+|` +
    String.raw`ENCODING_TO_CHAR|CHAR_TO_ENCODING|CLIENT_ENCODING|BACKEND_PID|HAS_ROLE|MY_TEMP_SCHEMA|` +
    String.raw`POSTMASTER_START_TIME|CONF_LOAD_TIME|OPTIONS_TO_TABLE|SLEEP\w*)\($`,
)

/** Settings of the server or of an account, not of this session; and MariaDB's `SET STATEMENT ... FOR DELETE ...`. */
const lastingSettings = setOf('GLOBAL PERSIST PERSIST_ONLY PASSWORD STATEMENT')

/** Elsewhere than in these a block of statements can follow. */
const beginWords = setOf(
  'BEGIN WORK TRANSACTION ISOLATION LEVEL SERIALIZABLE REPEATABLE READ COMMITTED UNCOMMITTED WRITE ONLY',
  'NOT DEFERRABLE',
)

type Words = readonly string[]

function writes(words: Words): boolean {
  return words.some((word, index) => {
    // `NEXT VALUE FOR s` of MariaDB.
    if (word === 'VALUE') return words[index - 1] === 'NEXT'
    if (!word.endsWith('(')) return writingWords.has(word)
    return writingFunction.test(word) || (word.startsWith('PG_') && !harmlessFunction.test(word))
  })
}

type Judge = (words: Words, dialect: Dialect) => boolean

const always: Judge = () => true
const unlessItWrites: Judge = (words) => !writes(words)
const unlessPrepared: Judge = (words) => !words.includes('PREPARED')
/** What is analysed is executed. */
const explain: Judge = (words) =>
  !words.some((word) => word === 'ANALYZE' || word === 'ANALYSE') ||
  !(writes(words) || words.includes('REPLACE'))

const judges: readonly [verbs: string, judge: Judge][] = [
  ['SELECT VALUES TABLE WITH', unlessItWrites],
  ['SHOW USE SAVEPOINT RELEASE DEALLOCATE DISCARD FETCH CLOSE', always],
  ['EXPLAIN DESCRIBE DESC', explain],
  ['BEGIN', (words) => words.every((word) => beginWords.has(word))],
  ['START', ([, object]) => object === 'TRANSACTION'],
  ['COMMIT ROLLBACK END ABORT', unlessPrepared],
  ['DECLARE', (words, dialect) => dialect === 'postgres' && !writes(words)],
  // MySQL resets binary logs and replicas by it.
  ['RESET', (_words, dialect) => dialect === 'postgres'],
  [
    'SET',
    (words) =>
      words[1] !== 'DEFAULT' && !words.some((word) => lastingSettings.has(word)) && !writes(words),
  ],
]

/** What a statement may begin with to be a read, and whether it is one then. */
const judgeOf = new Map(
  judges.flatMap(([verbs, judge]) => verbs.split(' ').map((verb) => [verb, judge] as const)),
)

/**
 * Whether SQL text only reads, by the verbs of its statements and by words in them that write wherever they stand. In doubt
 * it writes. What cannot be told: a SELECT that calls a function which the application or an extension has defined, and
 * which writes, passes for a read.
 * @param sql - decoded as latin1
 */
export function accessOfSql(sql: string, dialect: Dialect): 'read' | 'write' {
  const isRead = (lexicon: Lexicon): boolean =>
    wordsOf(sql, lexicon)?.every((words) => judgeOf.get(words[0] ?? '')?.(words, dialect)) ?? false
  if (!isRead(dialect)) return 'write'
  // Where a literal ends depends on a setting of the server.
  const isAmbiguous = dialect === 'postgres' && sql.includes("\\'")
  return isAmbiguous && !isRead('postgres-escapes') ? 'write' : 'read'
}
