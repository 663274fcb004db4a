import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  prewarm,
  readProfile,
  record,
  reportOf,
  root,
  scratchFolder,
  startService,
  until,
} from './harness.ts'

const folder = scratchFolder()
const filesOf = (start: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${start}.`) || name.startsWith(`${start}-`))
    .sort()

/** Node 26 also asks for permission to listen. */
const allowNet = (line: string): string[] => (line === '26' ? ['--allow-net'] : [])

const secret = 'hunter2hunter2'
const jwt = `eyJhbGciOiJIUzI1NiJ9.${secret}.c2ln`
const posted = (type: string, body: string | Buffer, headers = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type, ...headers },
  body,
})
const json = (value: unknown): RequestInit => posted('application/json', JSON.stringify(value))
const form = (body: string): RequestInit => posted('application/x-www-form-urlencoded', body)
/** Everything that a client may hide a secret in. */
const secretRequests: readonly (readonly [target: string, init?: RequestInit])[] = [
  ...[
    ...['authorization', 'x-api-key', 'api-key', 'apikey', 'X-Access-Token', 'Private-Token'],
    ...['X-Amz-Security-Token', 'X-Forwarded-Client-Cert', 'X-Hub-Signature', 'x-tenant'],
  ].map((name) => [`/with-${name}`, { headers: { [name]: secret } }] as const),
  ['/cookie', { headers: { cookie: `sid=${secret}` } }],
  ['/bearer', { headers: { 'x-other': `Bearer ${secret}` } }],
  ['/referer', { headers: { referer: `https://a.example/${jwt}?token=${secret}` } }],
  ['/original', { headers: { 'x-original-url': `/a?token=${secret}` } }],
  ...[
    ...['X-Amz-Signature', 'X-Amz-Credential', 'pwd', 'pass', 'passphrase', '_csrf', 'tokens'],
    ...['token[0]', 'secretKey', 'accessKey', 'cvc', 'SAMLResponse'],
  ].flatMap((key) => {
    const path = `/key-${key.replaceAll(/\W/g, '-')}`
    return [
      [`${path}?${key}=${secret}`] as const,
      [`${path}/form`, form(`name=ann&${key}=${secret}`)] as const,
      [`${path}/json`, json({ deep: [{ [key]: secret }] })] as const,
    ]
  }),
  [`/a?access_token=${secret}&page=2`],
  [`/bare?${jwt}`],
  [`/nested?next=${encodeURIComponent(`https://a.example/?token=${secret}`)}`],
  [`/graphql?query=${encodeURIComponent(`{login(password:"${secret}"){id}}`)}`],
  [`/variables?variables=${encodeURIComponent(`{"password":"${secret}"}`)}`],
  [`/verify/${jwt}`],
  [`/cart;jsessionid=${secret}`],
  [`/path/password=${secret}`],
  ['/d', json({ user: { name: 'ann', Password: secret }, page: 1 })],
  ['/e', form(`name=ann&client_secret=${secret}`)],
  ['/inline', json({ query: `mutation { login(password: "${secret}") { id } }` })],
  ['/clean', json({ query: 'query ($id: ID!) { user(id: $id) { name } }' })],
  ['/text', json({ text: JSON.stringify({ password: secret }) })],
  ['/twice', posted('application/json', `{"a":{"password":"${secret}"},"a":1}`)],
  ['/document', posted('application/graphql', `{ login(password: "${secret}") { id } }`)],
  ['/f', posted('application/octet-stream', secret)],
  ['/g', posted('text/plain', `password=${secret}`)],
  ['/h', posted('application/json', gzipSync(secret), { 'content-encoding': 'gzip' })],
]

describe.each(nodeLines)('on Node %s', (line, node) => {
  const start = (profile: string, script: string, options: string[] = [], env = {}) =>
    startService(
      process.execPath,
      [cli, 'record', '-o', profile, ...options, '--', node, app(script)],
      env,
    )

  it('keeps the exit code, and the signal, of the service', async () => {
    for (const [request, expected] of [
      ['/exit', 3],
      ['/kill', 'SIGKILL'],
    ] as const) {
      const profile = path.join(folder, `${request.slice(1)}-${line}.prewarm`)
      const service = await start(profile, 'exits.cjs')
      await get(service.url + request).catch(() => undefined)
      expect(await service.ended).toBe(expected)
      expect(existsSync(profile)).toBe(request === '/exit')
    }
  })

  it('ends at a number of requests or after a time, and the service goes on', async () => {
    for (const [name, options] of [
      ['requests', ['--stop-after-requests', '5']],
      ['time', ['--stop-after', '3s']],
    ] as const) {
      const profile = path.join(folder, `${name}-${line}.prewarm`)
      const service = await start(profile, 'bare.cjs', [...options])
      await ask(service.url, ['/', '/a', '/b'], 2)
      await until(() => existsSync(profile))
      expect(await get(service.url)).toContain('"url":"/"')
      expect(await service.stop()).toBe(0)
      const { meta } = readProfile(profile)
      if (name === 'requests') expect(meta.requestCount).toBe(5)
      else expect(meta.durationMs).toBeGreaterThanOrEqual(3000)
      expect(service.stderr().match(/prewarm: recorded/g)).toHaveLength(1)
    }
  })

  it('writes down functions with their tiers, modules with their times, and a warm-up curve', async () => {
    const profile = path.join(folder, `content-${line}.prewarm`)
    const recorded = await record(
      node,
      app('express.cjs'),
      profile,
      (url) => ask(url, ['/', '/users/1', '/users/2', '/users/3', '/users/4', '/users/5'], 100),
      // At the default of 10 ms, half a second of work may hardly be sampled at all.
      { PREWARM_SAMPLING_MICROS: '500' },
    )
    const { meta, modules, functions, requests, curve } = recorded
    expect(meta).toMatchObject({
      node: expect.stringMatching(`^v${line}\\.`) as string,
      arch: process.arch,
    })
    expect(meta.listenMs).toBeGreaterThan(0)
    expect(modules[0]).toMatchObject({ id: 'express.cjs', requester: null, phase: 'startup' })
    expect(modules[0]?.totalMs ?? 0).toBeGreaterThan(modules[0]?.selfMs ?? Infinity)
    expect(modules.find(({ id }) => /^express@.*\/index\.js$/.test(id))).toMatchObject({
      format: 'cjs',
      requester: 0,
    })
    expect(functions.length).toBeGreaterThan(3)
    expect(functions.some(({ tier }) => tier !== null && tier !== 'ignition')).toBe(true)
    const named = functions.find(({ name, sourceHash }) => name !== '' && sourceHash !== null)
    const source = readFileSync(
      path.join(app('.'), modules[named?.module ?? 0]?.path ?? ''),
      'utf8',
    )
    expect(source[named?.position ?? -1]).toBe('(')
    const route = requests.routes.find((each) => each.route === '/users/:id')
    expect(route).toMatchObject({ method: 'GET', count: 500 })
    expect(route?.exemplars.map(({ use }) => use)).toContain('compare')
    expect(route?.steady.p50Ms).toBeLessThan(route?.cold.maxMs ?? 0)
    const points = curve.find((each) => requests.routes[each.route] === route)?.points ?? []
    expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(500)
  })

  it('lists modules of both kinds in the order of their compilation', async () => {
    const profile = path.join(folder, `order-${line}.prewarm`)
    const { modules } = await record(node, app('order.mjs'), profile, (url) => ask(url, ['/late']))
    const own = modules.filter(({ format }) => format !== 'builtin')
    expect(own.map(({ id, phase }) => `${phase} ${id}`)).toEqual([
      ...['startup order.mjs', 'startup late.cjs'],
      ...['late late-esm.mjs', 'late cycle-a.cjs', 'late cycle-b.cjs'],
    ])
  })

  it('leaves the flags of V8 as they are, so that the code caches fit', async () => {
    for (const flags of [[], ['--no-flush-bytecode']]) {
      const profile = path.join(folder, `flags-${line}${flags.join('')}.prewarm`)
      const service = await startService(process.execPath, [
        ...[cli, 'record', '-o', profile, '--', node, ...flags, app('bare.cjs')],
      ])
      await ask(service.url, ['/'])
      await service.stop()
      const replayed = await startService(process.execPath, [
        ...[cli, 'run', '-p', profile, '--', node, ...flags, app('bare.cjs')],
      ])
      const { codeCache } = await reportOf(`${profile}.report.json`)
      await replayed.stop()
      expect(codeCache).toEqual({ applied: 1, skipped: {} })
    }
  })

  it('writes no secret', async () => {
    const profile = path.join(folder, `secrets-${line}.prewarm`)
    const recorded = await record(
      node,
      app('secrets.cjs'),
      profile,
      async (url) => {
        for (const [target, init] of secretRequests) {
          const response = await fetch(url + target, init)
          await response.text()
        }
      },
      { PREWARM_REDACT: 'x-tenant' },
    )
    expect(readFileSync(profile).includes(secret)).toBe(false)
    const exemplars = recorded.requests.routes.flatMap((route) => route.exemplars)
    expect(exemplars).toHaveLength(secretRequests.length)
    const bodies = exemplars.map(({ body }) => Buffer.from(body ?? []).toString())
    expect(bodies).toContain('{"user":{"name":"ann","Password":"redacted"},"page":1}')
    expect(bodies).toContain('name=ann&client_secret=redacted')
    expect(bodies).toContain('{"query":"query ($id: ID!) { user(id: $id) { name } }"}')
    expect(exemplars.map(({ url }) => url)).toContain('/a?access_token=redacted&page=2')
    expect(exemplars.filter(({ bodyKept }) => bodyKept === 'dropped')).toHaveLength(4)
    expect(recorded.requests.routes.map(({ route }) => route)).toContain('/verify/:id')
    expect(recorded.meta.redactedHeaders).toContain('x-tenant')
  })

  it('the service keeps the name of the profile when something else starts it', async () => {
    const profile = path.join(folder, `wrapped-${line}.prewarm`)
    // Not Node itself: all Node processes below are recorded, as with `npm start`.
    const service = await startService(process.execPath, [
      ...[cli, 'record', '-o', profile, '--', 'env', node, app('wrapper.cjs'), 'bare.cjs'],
    ])
    await ask(service.url, ['/', '/late'])
    expect(await service.stop()).toBe(0)
    const { meta, requests } = readProfile(profile)
    expect(meta).toMatchObject({ appId: 'prewarm-test-apps:bare.cjs', requestCount: 6 })
    expect(requests.routes.map(({ route }) => route).sort()).toEqual(['/', '/late'])
    expect(filesOf(`wrapped-${line}`)).toEqual([path.basename(profile)])
  })

  it('of a cluster the first worker has the name, and the others add to it', async () => {
    const profile = path.join(folder, `workers-${line}.prewarm`)
    const service = await startService(process.execPath, [
      ...[cli, 'record', '-o', profile, '--', node, app('cluster.cjs')],
    ])
    await ask(service.url, ['/', '/a'], 5)
    expect(await service.stop()).toBe(0)
    const files = filesOf(`workers-${line}`)
    expect(files).toEqual([expect.stringMatching(/-\d+\.prewarm$/), path.basename(profile)])
    const counts = files.map((file) => readProfile(path.join(folder, file)).meta.requestCount)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10)
  })

  it('a script without a server is recorded when it is alone', async () => {
    const profile = path.join(folder, `script-${line}.prewarm`)
    const ended = await prewarm(['record', '-o', profile, '--', node, app('cycle-a.cjs')])
    expect(ended.code).toBe(0)
    expect(readProfile(profile).modules.map(({ id }) => id)).toContain('cycle-a.cjs')
    expect(filesOf(`script-${line}`)).toEqual([path.basename(profile)])
  })

  it('writes to where it was started, wherever the service goes', async () => {
    const profile = path.join(folder, `chdir-${line}.prewarm`)
    const relative = path.relative(process.cwd(), profile)
    const service = await start(relative, 'chdir.cjs')
    await ask(service.url, ['/'])
    expect(await service.stop()).toBe(0)
    expect(readProfile(profile).meta.requestCount).toBe(3)
    const plain = path.join(folder, `chdir-env-${line}.prewarm`)
    const preload = path.join(root, 'dist', 'recorder', 'preload.js')
    const other = await startService(node, ['--import', preload, app('chdir.cjs')], {
      PREWARM_OUT: path.relative(process.cwd(), plain),
    })
    await ask(other.url, ['/'])
    await other.stop()
    expect(readProfile(plain).meta.requestCount).toBe(3)
  })

  it('stopRecording() gives the path of the profile, or throws what went wrong', async () => {
    const profile = path.join(folder, `stopped-${line}.prewarm`)
    const service = await start(profile, 'stops.mjs')
    await ask(service.url, ['/'])
    expect(await get(`${service.url}/stop`)).toBe(profile)
    expect(await get(`${service.url}/stop`)).toBe(profile)
    expect(await service.stop()).toBe(0)
    expect(readProfile(profile).meta.requestCount).toBe(3)

    const failing = await start(path.join(folder, 'nowhere', 'x.prewarm'), 'stops.mjs')
    expect(await get(`${failing.url}/stop`)).toBe('ERR_PREWARM_REC_WRITE')
    expect(await failing.stop()).toBe(0)
    // Once, when the recorder started; the rest is the caller's.
    expect(failing.stderr().match(/ERR_PREWARM/g)).toHaveLength(1)
  })

  it('goes without the inspector where that is forbidden', async () => {
    const profile = path.join(folder, `permission-${line}.prewarm`)
    const flag = line === '20' || line === '22' ? '--experimental-permission' : '--permission'
    const service = await startService(process.execPath, [
      ...[cli, 'record', '-o', profile, '--', node, flag],
      ...['--allow-fs-read=*', '--allow-fs-write=*', ...allowNet(line), app('bare.cjs')],
    ])
    await ask(service.url, ['/', '/late'])
    expect(await service.stop()).toBe(0)
    const { meta, modules, functions, codecache } = readProfile(profile)
    expect(meta).toMatchObject({ requestCount: 6, profiler: 'none' })
    expect(modules.map(({ id }) => id)).toContain('late.cjs')
    expect(codecache.length).toBeGreaterThan(0)
    expect(functions).toEqual([])
  })

  it('a folder that cannot be written to is a coded error, and the service goes on', async () => {
    const missing = path.join(folder, 'nowhere', `${line}.prewarm`)
    const service = await start(missing, 'bare.cjs', ['--stop-after-requests', '1'])
    await get(service.url)
    const complaints = (): number => service.stderr().match(/ERR_PREWARM_REC_WRITE/g)?.length ?? 0
    // At once, and again when the profile was to be written.
    await until(() => complaints() === 2)
    expect(await get(service.url)).toContain('"url":"/"')
    expect(await service.stop()).toBe(0)
    expect(complaints()).toBe(2)
  })

  it('a full disk is a coded error that leaves nothing behind, and the service goes on', async ({
    skip,
  }) => {
    const disk = path.join(folder, `disk-${line}`)
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', disk], { stdio: 'pipe' })
    } catch {
      skip('a small file system cannot be mounted here: needs root and Linux')
    }
    try {
      const service = await start(path.join(disk, 'app.prewarm'), 'bare.cjs')
      await ask(service.url, ['/', '/late'])
      expect(await service.stop()).toBe(0)
      expect(service.stderr()).toContain('ERR_PREWARM_REC_WRITE')
      expect(service.stderr()).toContain('ENOSPC')
      expect(readdirSync(disk)).toEqual([])
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

describe('the command line', () => {
  it('does not overwrite a profile unasked', async () => {
    const profile = path.join(folder, 'kept.prewarm')
    await record(process.execPath, app('bare.cjs'), profile, (url) => ask(url, ['/']))
    const before = readFileSync(profile)
    const again = await prewarm(['record', '-o', profile, '--', 'node', app('bare.cjs')])
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('ERR_PREWARM_CLI_EXISTS')
    expect(readFileSync(profile).equals(before)).toBe(true)
  })

  it('a command that does not exist, or none at all, is told from a failure of the service', async () => {
    const profile = path.join(folder, 'never.prewarm')
    const missing = await prewarm(['record', '-o', profile, '--', 'no-such-command-here'])
    expect(missing).toMatchObject({ code: 1 })
    expect(missing.stderr).toContain('ERR_PREWARM_CLI_SPAWN')
    expect((await prewarm(['record', '-o', profile])).code).toBe(2)
    expect((await prewarm(['record', '--stop-after', 'later', '--', 'node', 'x'])).code).toBe(2)
    expect((await prewarm(['nonsense'])).code).toBe(2)
    expect((await prewarm(['--help'])).code).toBe(0)
  })
})

describe.each(nodeLines)('ES modules on Node %s', (line, node) => {
  it('are recorded with what they import and who asked for them first', async () => {
    const profile = path.join(folder, `imports-${line}.prewarm`)
    const recorded = await record(node, app('modules/server.js'), profile, (url) =>
      ask(url, ['/?price=1']),
    )
    const own = recorded.modules.filter(({ format }) => format !== 'builtin')
    const facts = own.map(({ id, format, phase, requester }) => [
      ...[id, format, phase],
      requester === null ? null : recorded.modules[requester]?.id,
    ])
    const known = [
      ['server.js', 'esm', 'startup', null],
      ['cart.js', 'esm', 'startup', 'server.js'],
      ['rounding.js', 'esm', 'startup', 'cart.js'],
      ['rates.cjs', 'cjs', 'startup', 'server.js'],
      ['names.json', 'json', 'startup', 'server.js'],
      ['receipt.js', 'esm', 'late', 'server.js'],
      ['units.json', 'json', 'late', 'receipt.js'],
    ]
    const byName = (a: readonly unknown[], b: readonly unknown[]): number =>
      String(a[0]).localeCompare(String(b[0]))
    // Node 20 has no hooks that would tell.
    const told = line === '20' ? known.filter(([id]) => id !== 'units.json') : known
    const expected = told.map(([id, format, phase, requester]) => [
      ...[id, format, phase],
      line === '20' && id !== 'names.json' ? null : requester,
    ])
    expect(facts.sort(byName)).toEqual(expected.sort(byName))
    expect(own.every(({ sourceHash }) => sourceHash !== null)).toBe(true)
  })
})
