import type { WireAccess } from './messages.ts'

const setOf = (...lines: string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '))

/** Flagged as read only by the server, or about this connection or the server alone; and those of its own modules. */
const readingCommands = setOf(
  'get mget getrange substr strlen lcs exists type ttl pttl expiretime pexpiretime touch dump keys scan randomkey dbsize',
  'getbit bitcount bitpos bitfield_ro sort_ro eval_ro evalsha_ro fcall_ro',
  'hget hgetall hmget hkeys hvals hlen hexists hstrlen hscan hrandfield httl hpttl hexpiretime hpexpiretime',
  'lindex llen lrange lpos',
  'smembers sismember smismember scard srandmember sscan sinter sintercard sunion sdiff',
  'zrange zrangebylex zrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrank zrevrank zscore zmscore zcard',
  'zcount zlexcount zscan zrandmember zdiff zinter zintercard zunion',
  'geopos geodist geohash geosearch georadius_ro georadiusbymember_ro',
  'pfcount xlen xrange xrevrange xread xpending',
  'hello auth select ping echo quit reset time info command role lastsave lolwut',
  'multi exec discard watch unwatch asking readonly readwrite',
  'json.get json.mget json.type json.strlen json.objkeys json.objlen json.arrlen json.arrindex json.resp',
  'ft.search ft.aggregate ft.info ft._list bf.exists bf.mexists bf.info cf.exists cf.mexists cf.info',
  'ts.get ts.mget ts.range ts.revrange ts.mrange ts.mrevrange ts.info ts.queryindex',
)

/** Of commands that have commands of their own: those that read, and those that concern only this connection. */
const readingSubcommands = new Map([
  [
    'client',
    setOf(
      'setinfo setname getname id info list tracking trackinginfo caching getredir no-evict no-touch',
    ),
  ],
  [
    'cluster',
    setOf(
      'slots shards nodes info myid myshardid keyslot countkeysinslot getkeysinslot links replicas slaves',
    ),
  ],
  [
    'sentinel',
    setOf('get-master-addr-by-name masters master replicas slaves sentinels myid ckquorum'),
  ],
  ['object', setOf('encoding freq idletime refcount')],
  ['xinfo', setOf('stream groups consumers')],
  ['memory', setOf('usage stats doctor')],
  ['config', setOf('get')],
  ['script', setOf('exists')],
  ['function', setOf('list stats dump')],
  ['pubsub', setOf('channels numsub numpat shardchannels shardnumsub')],
  ['slowlog', setOf('get len')],
  ['latency', setOf('latest history doctor histogram graph')],
  ['acl', setOf('whoami cat list users getuser')],
  ['module', setOf('list')],
])

/** From then on other people's messages come, and which commands are allowed is another matter. */
const subscribing = setOf('subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe')

/** They read unless they are told where to store what they find. */
const storing = setOf('sort georadius georadiusbymember')

export interface RedisCommand {
  /** The first two arguments, lower case. */
  readonly name: string
  readonly second: string
  readonly argumentCount: number
  /** One of its arguments may be the option to store the result. */
  readonly mayStore: boolean
}

/** What is not known to read, writes. */
export function accessOfCommand(command: RedisCommand): WireAccess {
  const { name, second } = command
  if (subscribing.has(name)) return 'unknown'
  // With an option it sets when the key expires.
  if (name === 'getex') return command.argumentCount === 2 ? 'read' : 'write'
  if (storing.has(name)) return command.mayStore ? 'write' : 'read'
  const isRead = readingCommands.has(name) || readingSubcommands.get(name)?.has(second)
  return isRead === true ? 'read' : 'write'
}
