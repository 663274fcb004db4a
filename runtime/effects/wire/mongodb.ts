import { FramedReader, type Tell, type Unclear, type WireAccess } from './messages.ts'

const headerBytes = 16
const opMessage = 2013
const opQuery = 2004
const opCompressed = 2012
/** Writes before MongoDB 6: update, insert, delete. */
const oldWrites = new Set([2001, 2002, 2006])
const maxMessageBytes = 48_000_000 + 16 * 1024

/** Whether a client's first bytes are the header of a MongoDB message; undefined: so far they could be. */
export function opensMongodb(bytes: Buffer): boolean | undefined {
  if (bytes.length < 4) return undefined
  const length = bytes.readInt32LE(0)
  if (length <= headerBytes || length > maxMessageBytes) return false
  if (bytes.length < headerBytes) return undefined
  const operation = bytes.readInt32LE(12)
  return (
    bytes.readInt32LE(8) === 0 &&
    (operation === opMessage || operation === opQuery || operation === opCompressed)
  )
}

const readingCommands = new Set(
  [
    'find aggregate count distinct getMore killCursors listCollections listDatabases listIndexes',
    'hello isMaster ismaster ping buildInfo buildinfo connectionStatus collStats dbStats serverStatus explain',
    'saslStart saslContinue authenticate logout startSession refreshSessions endSessions',
  ]
    .join(' ')
    .split(' '),
)

/** Stages of an aggregation that write. Also as a value these end with a NUL: then it is taken for a write in vain. */
const writingStage = /\$(?:out|merge)\0/

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
export class MongodbReader extends FramedReader {
  protected override lengthOf(bytes: Buffer, start: number): number | Unclear {
    if (bytes.length - start < 4) return 'more'
    const length = bytes.readInt32LE(start)
    return length < headerBytes || length > maxMessageBytes ? 'lost' : length
  }

  protected override message(bytes: Buffer, isWhole: boolean, tell: Tell | undefined): undefined {
    tell?.(accessOfMessage(bytes, isWhole))
  }
}

function accessOfMessage(bytes: Buffer, isWhole: boolean): WireAccess {
  if (bytes.length < headerBytes) return 'unknown'
  const operation = bytes.readInt32LE(12)
  if (oldWrites.has(operation)) return 'write'
  const command =
    operation === opMessage
      ? bodyCommand(bytes)
      : operation === opQuery
        ? queryCommand(bytes)
        : undefined
  if (command === undefined) return 'unknown'
  if (!readingCommands.has(command)) return 'write'
  if (command !== 'aggregate') return 'read'
  // The pipeline can be in any of its sections.
  if (writingStage.test(bytes.toString('latin1'))) return 'write'
  return isWhole ? 'read' : 'unknown'
}

/** Sections follow the flags: one of kind 0 is the command, those of kind 1 are lists of documents for it. */
function bodyCommand(bytes: Buffer): string | undefined {
  let at = headerBytes + 4
  while (at + 5 <= bytes.length) {
    const kind = bytes[at]
    if (kind === 0) return firstName(bytes, at + 1)
    const size = bytes.readInt32LE(at + 1)
    if (kind !== 1 || size < 4) return undefined
    at += 1 + size
  }
  return undefined
}

/** Flags, name of the collection, two numbers, document. Only queries to `$cmd` are commands. */
function queryCommand(bytes: Buffer): string | undefined {
  const start = headerBytes + 4
  const end = bytes.indexOf(0, start)
  if (end === -1 || !bytes.toString('latin1', start, end).endsWith('.$cmd')) return undefined
  return firstName(bytes, end + 1 + 8)
}

/** Of the first element of a BSON document: the command. */
function firstName(bytes: Buffer, document: number): string | undefined {
  const start = document + 5
  const end = bytes.indexOf(0, start)
  return start >= bytes.length || end === -1 ? undefined : bytes.toString('latin1', start, end)
}
