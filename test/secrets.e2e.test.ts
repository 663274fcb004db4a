import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openProfile } from '../formats/codec.ts'
import { decodeContainer, encodeContainer } from '../formats/container.ts'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  prewarm,
  readProfile,
  replay,
  replayer,
  reportOf,
  runToEnd,
  scratchFolder,
  startService,
} from './harness.ts'

const folder = scratchFolder()
const script = app('secrets.cjs')

/** Each value once, so that a leak tells where it comes from. */
const sent: string[] = []
const hide = (place: string): string => {
  const value = `hush-${place}-${sent.length}`
  sent.push(value)
  return value
}
const post = (type: string, body: string | Buffer, headers = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type, ...headers },
  body,
})
const json = (value: unknown): RequestInit => post('application/json', JSON.stringify(value))

/** What the process is told by its environment, and a client cannot be kept from repeating. */
const env = {
  API_TOKEN: hide('environment'),
  DATABASE_URL: `postgres://shop:${hide('database')}@127.0.0.1/shop`,
  PREWARM_SECRETS: hide('listed'),
  LATE: hide('late'),
}
const configured = [...sent]
const random = 'Zk3vQ8rT1xW9bN5mL2pY7cD4eF6gH0j'
const encode = (value: string): string =>
  Buffer.from(value).toString('hex').replaceAll(/../g, '%$&')
const inside = (value: string): string => Buffer.from(`user:${value}`).toString('base64')

/** Where redaction knows that a secret is. */
const redacted: readonly (readonly [target: string, init?: RequestInit])[] = [
  ['/authorization', { headers: { authorization: `Bearer ${hide('authorization')}` } }],
  ['/cookie', { headers: { cookie: `sid=${hide('cookie')}` } }],
  ['/key', { headers: { 'x-api-key': hide('x-api-key') } }],
  [`/query?access_token=${hide('query')}&page=2`],
  ['/json', json({ password: hide('json'), page: 1 })],
  ['/nested', json({ user: [{ credentials: { clientSecret: hide('nested') } }] })],
  ['/form', post('application/x-www-form-urlencoded', `name=ann&pin=${hide('form')}`)],
  [
    '/graphql',
    json({
      query: 'mutation ($in: Login!) { login(in: $in) { id } }',
      variables: { in: { password: hide('graphql') } },
    }),
  ],
  [`/reset/${hide('path')}`],
  ['/answer', { headers: { 'x-answer-cookie': 'sid=answered' } }],
  ['/profile', json({ customer: { address: { street: hide('json-path') } } })],
  ['/packed', post('application/json', gzipSync(hide('gzip')), { 'content-encoding': 'gzip' })],
]
/** Where only the scanner finds it. */
const scanned: readonly (readonly [target: string, init?: RequestInit])[] = [
  ...configured.flatMap((value, index) => [
    [`/search-${index}?q=${value}`] as const,
    [`/encoded-${index}?q=${encodeURIComponent(encode(value))}`] as const,
    [`/base-${index}?q=${inside(value)}`] as const,
    [`/hex-${index}?q=${Buffer.from(value).toString('hex')}`] as const,
    [`/header-${index}`, { headers: { 'x-note': value } }] as const,
    [`/body-${index}`, json({ note: `see ${value}` })] as const,
  ]),
  [`/random?q=${random}`],
]
const spellings = [...sent, random].flatMap((value) => [
  value,
  Buffer.from(value).toString('hex'),
  Buffer.from(value).toString('base64url').slice(0, -2),
  inside(value).slice(8, -4),
])

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Uint8Array) return [Buffer.from(value).toString()]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

function decode(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_encoded, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** What of the sent secrets is in a file, as bytes and within what is decoded from it. */
function leaks(file: string, key?: Uint8Array): string[] {
  const bytes = readFileSync(file)
  const opened = openProfile(bytes, key)
  const texts = (['meta', 'modules', 'functions', 'requests', 'ledger', 'tapes'] as const)
    .flatMap((name) => textsIn(opened.section(name)))
    .join('\n')
  const forms = [texts, decode(texts), decode(decode(texts))]
  return spellings.filter(
    (each) => bytes.includes(each) || forms.some((form) => form.includes(each)),
  )
}

describe.each(nodeLines)('on Node %s', (line, node) => {
  const record = async (
    profile: string,
    options: readonly string[] = [],
    more: NodeJS.ProcessEnv = {},
    flags: readonly string[] = [],
  ): Promise<{ readonly code: number | string; readonly stderr: string }> => {
    const service = await startService(
      process.execPath,
      [
        ...[cli, 'record', '-o', profile, '--force', '--redact', '$.customer.address.*'],
        ...[...options, '--', node, ...flags, script],
      ],
      { ...env, ...more },
    )
    await ask(service.url, ['/', '/items/1', '/late'], 1)
    for (const [target, init] of [...redacted, ...scanned]) await get(service.url + target, init)
    const code = await service.stop()
    return { code, stderr: service.stderr() }
  }
  const profile = path.join(folder, `secrets-${line}.prewarm`)

  it('no sent secret is in the file, and what was left out is told without it', async () => {
    const { code, stderr } = await record(profile)
    expect(code).toBe(0)
    expect(leaks(profile)).toEqual([])
    const { requests } = readProfile(profile)
    const kept = requests.routes.filter(({ exemplars }) => exemplars.length > 0)
    const names = kept.map(({ route }) => route).sort()
    const expected = redacted.map(([target]) => target.replace(/\?.*|(?<=\/reset\/).*/g, ''))
    expect(names.map((name) => name.replace(':id', ''))).toEqual(
      ['/', '/items/', '/late', ...expected].sort(),
    )
    expect(stderr).toContain('Recorded requests were left out')
    expect(stderr).toContain('GET /search-0, request 1, url at 12: the value of API_TOKEN')
    expect(spellings.filter((each) => stderr.includes(each))).toEqual([])
  })

  it('--allow-secrets writes what the scanner would have left out, and says so', async () => {
    const allowed = path.join(folder, `allowed-${line}.prewarm`)
    const { stderr } = await record(allowed, ['--allow-secrets'])
    const found = leaks(allowed)
    for (const value of [...configured, random]) expect(found).toContain(value)
    for (const value of sent) if (!configured.includes(value)) expect(found).not.toContain(value)
    expect(stderr).toContain('Written as asked')
    expect(spellings.filter((each) => stderr.includes(each))).toEqual([])
  })

  it('a secret that is part of no request: nothing is written, and the service ends as ever', async () => {
    const refused = path.join(folder, `refused-${line}.prewarm`)
    const { code, stderr } = await record(refused, [], {}, [`--title=${env.API_TOKEN}`])
    expect(code).toBe(0)
    expect(existsSync(refused)).toBe(false)
    expect(stderr).toContain('ERR_PREWARM_REC_SECRET')
    expect(stderr).toContain('meta.execArgv[0] at 8: the value of API_TOKEN')
    expect(stderr).toContain('--allow-secrets')
    expect(spellings.filter((each) => stderr.includes(each))).toEqual([])
  })

  describe('an encrypted profile', () => {
    const sealed = path.join(folder, `sealed-${line}.prewarm`)
    const key = Buffer.from(`a key of 32 bytes for node ${line}...`)
    const PREWARM_PROFILE_KEY = key.toString('hex')
    const replayed = async (
      file: string,
      more: NodeJS.ProcessEnv,
    ): Promise<RunReport & { readonly body: string }> => {
      const service = await replay(node, script, file, { PREWARM_ROUNDS: '3', ...more })
      const body = await get(`${service.url}/late`)
      const report = await reportOf(`${file}.report.json`)
      await service.stop()
      expect(service.stderr()).toBe('')
      return { ...report, body }
    }

    it('shows no URL, and is rehearsed with its key', async () => {
      await record(sealed, [], { PREWARM_PROFILE_KEY })
      const opened = openProfile(readFileSync(sealed), key)
      expect(leaks(sealed, key)).toEqual([])
      const urls = opened
        .section('requests')
        .routes.flatMap(({ exemplars }) => exemplars.map(({ url }) => url))
        .filter((url) => url.length > 5)
      expect(urls.length).toBeGreaterThan(8)
      const clear = path.join(folder, `clear-${line}.prewarm`)
      await record(clear)
      const [bytes, plain] = [readFileSync(sealed), readFileSync(clear)]
      expect(urls.filter((url) => !plain.includes(url))).toEqual([])
      // What the application has as a literal is in its code cache, and not from a request.
      expect(urls.filter((url) => url !== '/late' && bytes.includes(url))).toEqual([])
      const { rehearsal, outcome, body } = await replayed(sealed, { PREWARM_PROFILE_KEY })
      expect(outcome).toBe('applied')
      expect(rehearsal.rounds).toBe(3)
      expect(rehearsal.skipped.PROFILE_LOCKED).toBeUndefined()
      expect(body).toBe('late')
    })

    it('has code caches and modules only, without the key, with another one, or changed', async () => {
      const forged = path.join(folder, `forged-${line}.prewarm`)
      const sections = decodeContainer(readFileSync(sealed))
      const requests = Buffer.from(sections.get('requests-aead') ?? [])
      requests[20] = (requests[20] ?? 0) ^ 1
      writeFileSync(forged, encodeContainer(sections.set('requests-aead', requests)))
      const other = key.toString('hex').replace(/^../, '00')
      for (const [file, more, detail] of [
        [sealed, {}, 'there is no key'],
        [sealed, { PREWARM_PROFILE_KEY: other }, 'does not open'],
        [sealed, { PREWARM_PROFILE_KEY: 'nonsense' }, 'has no key that can be used'],
        [forged, { PREWARM_PROFILE_KEY }, 'does not open'],
      ] as const) {
        const report = await replayed(file, more)
        expect(report).toMatchObject({ outcome: 'applied', reason: null, body: 'late' })
        expect(report.detail).toContain(detail)
        expect(report.codeCache).toEqual({ applied: 2, skipped: {} })
        expect(report.preload).toMatchObject({ applied: 1 })
        expect(report.rehearsal).toMatchObject({
          applied: 0,
          requests: 0,
          stopped: 'PROFILE_LOCKED',
          skipped: { PROFILE_LOCKED: 1 },
        })
        expect(report.skipped).toContainEqual({ unit: 'requests', reason: 'PROFILE_LOCKED' })
      }
    })

    it('is no start in strict mode without the key', async () => {
      const strict = await runToEnd(node, ['--import', replayer, script], {
        ...{ PORT: '0', PREWARM_PROFILE: sealed, PREWARM_MODE: 'strict' },
      })
      expect(strict).toMatchObject({ code: 1, stdout: '' })
      expect(strict.stderr).toContain('ERR_PREWARM_RPL_STRICT: PROFILE_LOCKED')
    })

    it('a byte that was changed on the way: cold, as with any damaged file', async () => {
      const damaged = path.join(folder, `damaged-${line}.prewarm`)
      const bytes = readFileSync(sealed)
      const middle = bytes.length >> 1
      bytes[middle] = (bytes[middle] ?? 0) ^ 1
      writeFileSync(damaged, bytes)
      expect(await replayed(damaged, { PREWARM_PROFILE_KEY })).toMatchObject({
        outcome: 'cold',
        reason: 'PROFILE_CORRUPT',
        body: 'late',
      })
    })

    it('is inspected as far as the key goes, and not compared without it', async () => {
      const env = { PREWARM_PROFILE_KEY }
      const whole = await prewarm(['inspect', sealed, '--json'], env)
      expect(JSON.parse(whole.stdout)).toMatchObject({ locked: null })
      expect(whole.stdout).toContain('/items/:id')
      const locked = await prewarm(['inspect', sealed])
      expect(locked).toMatchObject({ code: 0, stderr: '' })
      expect(locked.stdout).toContain('Section requests is encrypted, and there is no key')
      expect(locked.stdout).not.toContain('/items/:id')
      const compared = await prewarm(['compare', '-p', sealed, '--', node, script])
      expect(compared.code).toBe(1)
      expect(compared.stderr).toContain('ERR_PREWARM_FMT_LOCKED')
      expect(compared.stderr).toContain('PREWARM_PROFILE_KEY')
    })
  })
})

describe('the command line', () => {
  it.each<[string, string[], NodeJS.ProcessEnv]>([
    ['a key that is none', [], { PREWARM_PROFILE_KEY: 'hush' }],
    ['a file of secrets that is missing', [], { PREWARM_SECRETS_FILE: '/nowhere' }],
    ['a path that is none', ['--redact', '$.a[0]'], {}],
  ])('%s: the service does not run unrecorded', async (_what, options, env) => {
    const args = ['record', ...options, '--', process.execPath, '-p', '"started"']
    const { code, stdout, stderr } = await prewarm(args, env)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('ERR_PREWARM_CFG_VALUE')
    expect(stderr).not.toContain('hush')
  })
})
