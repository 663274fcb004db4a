import { describe, expect, it } from 'vitest'
import { app, nodeLines, runToEnd } from './harness.ts'

/** What came of something that was done while a sink watched, and what the sink was told. */
interface Observed {
  readonly how: 'done' | 'thrown' | 'failed'
  readonly value?: unknown
  readonly told: readonly string[]
}
type Twice<More = unknown> = Record<'allowed' | 'refused', Observed & More>
type Cases<More = unknown> = Record<string, Twice<More>>

const preload = ['--import', app('effects/preload.mjs')]

/** Runs an application to its end; its last line is what it found out. */
async function found<T>(node: string, name: string, flags = preload): Promise<T> {
  const args = ['--no-deprecation', ...flags, app(`effects/${name}`)]
  const { code, stdout, stderr } = await runToEnd(node, args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T
}

const ofNew = ['file write new']
const ofFile = ['file write file']

/** What the functions that `files.mjs` calls write. */
const files: Record<string, readonly string[]> = {
  appendFile: ofFile,
  chmod: ofFile,
  chown: ofFile,
  copyFile: ofNew,
  cp: ofNew,
  fchmod: ofFile,
  fchown: ofFile,
  ftruncate: ofFile,
  futimes: ofFile,
  lchown: ['file write link'],
  link: ofNew,
  lutimes: ['file write link'],
  mkdir: ['file write new/deep'],
  mkdtemp: ['file write new-XXXXXX'],
  mkdtempDisposable: ['file write new-XXXXXX'],
  open: ofNew,
  rename: [...ofFile, ...ofNew],
  rm: ['file write folder'],
  rmdir: ['file write empty'],
  symlink: ofNew,
  truncate: ofFile,
  unlink: ofFile,
  utimes: ofFile,
  write: ofFile,
  writeFile: ofNew,
  writev: ofFile,
  'writeFile of text': ofNew,
  'writeFile with flush': ofNew,
  'writeFile to a descriptor': ofFile,
  'writeFile by URL': ofNew,
  'writeFile by bytes': ofNew,
  'writeFile by relative path': ofNew,
  'open by number': ofNew,
  'rmdir of a tree': ['file write folder'],
  'handle.appendFile': ofFile,
  'handle.chmod': ofFile,
  'handle.chown': ofFile,
  'handle.truncate': ofFile,
  'handle.utimes': ofFile,
  'handle.write': ofFile,
  'handle.writeFile': ofFile,
  'handle.writev': ofFile,
  // It is opened, and then written to.
  'new stream': [...ofNew, ...ofNew],
  'stream on a descriptor': ofFile,
  'stream of a handle': ofFile,
  'stream that was opened before': ofFile,
}

interface Changes {
  readonly changed: boolean
}
interface FoundFiles extends Record<'filtered' | 'inCallback', Observed & Changes> {
  readonly results: Record<string, Cases<Changes>>
  readonly repatched: Observed
  readonly repatchedRefused: Observed & Changes
}

describe.each(nodeLines)('on Node %s', (line, node) => {
  const major = Number(line)

  it('every function that writes files tells once, and does nothing when it is refused', async () => {
    const { results, ...others } = await found<FoundFiles>(node, 'files.mjs')
    if (major < 24) expect(results).not.toHaveProperty('mkdtempDisposable')
    for (const [name, styles] of Object.entries(results)) {
      const told = files[name] ?? []
      // Node 26 has no such option any more, and says so.
      const isDone = name !== 'rmdir of a tree' || major < 26
      for (const [style, { allowed, refused }] of Object.entries(styles)) {
        const title = `${name}, ${style}`
        if (isDone) expect([title, allowed]).toEqual([title, { how: 'done', told, changed: true }])
        const how = isThrown(name, style) ? 'thrown' : 'failed'
        const first = told.slice(0, 1)
        expect([title, refused]).toEqual([title, { how, told: first, changed: false }])
      }
    }
    const absent = major < 24 ? ['mkdtempDisposable'] : []
    expect([...Object.keys(results), ...absent].sort()).toEqual(Object.keys(files).sort())
    expect(Object.keys(results['writeFile'] ?? {})).toHaveLength(7)

    expect(others.filtered.told).toContain('file write by-filter')
    expect(others.inCallback.told).toEqual(['file write folder', 'file write from-callback'])
    expect(others.repatched).toMatchObject({ how: 'done', told: ofNew })
    expect(others.repatchedRefused).toMatchObject({ how: 'failed', told: ofNew, changed: false })
  })

  it('what goes to standard output, under any name, is a log and no effect', async () => {
    const command = [node, ...preload, app('effects/silent.mjs')]
    const { stdout } = await runToEnd('sh', ['-c', '"$0" "$@" | cat', ...command])
    expect(stdout).toBe('12345\n{"how":"done","told":[]}\n')
  })

  it('every start of a process tells its command, never its arguments, and can be refused', async () => {
    type Started = Cases<{ marked: boolean; children?: string }>
    const { results, isSame, ...others } = await found<{
      results: Started
      signals: Record<string, unknown>
      messages: unknown
      listened: Observed
      execve?: Observed
      isSame: boolean
    }>(node, 'processes.mjs')
    expect(Object.keys(results)).toHaveLength(13)
    for (const [name, { allowed, refused }] of Object.entries(results)) {
      const command = name === 'fork' ? 'NODE' : name === 'exec with a secret' ? '/bin/sh' : 'touch'
      const told = [`process write ${command}`]
      expect([name, allowed]).toEqual([name, { how: 'done', told, marked: true }])
      const how = name.endsWith('promisified') ? 'failed' : 'thrown'
      const nothing = { marked: false, children: '' }
      expect([name, refused]).toEqual([name, { how, value: 'refused', told, ...nothing }])
    }
    expect(isSame).toBe(true)

    const signalled = ['process write kill PID']
    expect(others.signals).toEqual({
      itself: { how: 'done', value: true, told: [] },
      probe: { how: 'done', value: true, told: [] },
      refused: { how: 'thrown', value: 'refused', told: signalled },
      allowed: { how: 'done', value: true, told: signalled },
      end: [null, 'SIGKILL'],
    })
    const ipc = (target: string): unknown => ({
      allowed: expect.objectContaining({ how: 'done', told: [`ipc write ${target}`] }) as unknown,
      refused: { how: 'thrown', value: 'refused', told: [`ipc write ${target}`] },
    })
    const received = Object.assign({ message: 'allowed' }, ipc('parent'))
    expect(others.messages).toEqual(
      Object.assign({ got: ['not the answer yet', received] }, ipc('child')),
    )
    // A cluster worker asks the primary for its port, which is no message of its own.
    expect(others.listened).toEqual({ how: 'done', told: ['process write listen 127.0.0.1:0'] })
    if (major >= 24) expect(others.execve).toMatchObject({ told: ['process write /bin/false'] })
  })

  it('what ends the process, or writes about it, can be refused', async () => {
    const { ended, signalled, written, reports } = await found<{
      ended: Record<string, Observed>
      signalled: Observed
      written: unknown
      reports: readonly Observed[]
    }>(node, 'itself.mjs')
    const refused = (told: string): Observed => ({ how: 'thrown', value: 'refused', told: [told] })
    expect(ended).toEqual({
      kill: refused('process write kill itself'),
      'kill by text': refused('process write kill itself'),
      abort: refused('process write abort'),
      reallyExit: refused('process write exit'),
    })
    expect(signalled).toEqual({ how: 'done', value: true, told: ['process write kill itself'] })
    const told = 'file write /new'
    expect(written).toEqual({
      refused: { ...refused(told), isThere: false },
      allowed: { how: 'done', told: [told], isThere: true },
    })
    expect(reports).toEqual([refused('file write /report'), refused('file write /report.json')])
  })

  it.runIf(major >= 22)(
    'what writes to SQLite tells, also when it was prepared before',
    async () => {
      const { refused, untouched, allowed, read } = await found<{
        refused: Record<string, Observed>
        untouched: unknown
        allowed: Record<string, Observed>
        read: Observed
      }>(node, 'sqlite.mjs', ['--disable-warning=ExperimentalWarning', ...preload])
      const names = ['prepared before', 'get', 'all', 'iterate', 'exec', 'backup']
      expect(Object.keys(refused)).toEqual(names)
      for (const [name, each] of Object.entries(refused)) {
        const told = [`file write ${name === 'backup' ? '/copy.db' : 'sqlite'}`]
        const how = name === 'backup' ? 'failed' : 'thrown'
        expect([name, each]).toEqual([name, { how, value: 'refused', told }])
        expect([name, allowed[name]]).toEqual([name, { how: 'done', told }])
      }
      expect(untouched).toEqual({ orders: 0, isCopied: false })
      expect(read).toEqual({ how: 'done', value: 0, told: [] })
    },
  )

  it('listening tells where, and opens nothing when refused, nor does the debug port', async () => {
    const { results, harmless, debugPort } = await found<{
      results: Cases<{ isThere: boolean }>
      harmless: Record<string, Observed>
      debugPort: Record<string, Observed>
    }>(node, 'listening.mjs')
    const places = {
      'on a port': '127.0.0.1:0',
      'on a port in options': '127.0.0.1:0',
      'on a port as text': ':0',
      'on IPv6': '[::1]:0',
      'on any port': ':0',
      'on a path': '/socket',
      'on a path in options': '/socket',
      http: ':0',
      https: ':0',
      http2: ':0',
      tls: ':0',
      'on the handle of a server': 'handle',
    }
    const both = Object.entries(places).map(([name, place]) => {
      const told = [`process write listen ${place}`]
      const refused = { how: 'failed', value: 'refused', told, isThere: false }
      return [name, { refused, allowed: { how: 'done', told } }]
    })
    expect(results).toEqual(Object.fromEntries(both))
    expect(harmless).toMatchObject({
      again: { how: 'thrown', told: [] },
      nowhere: { how: 'thrown', told: [] },
    })
    for (const { value } of Object.values(harmless)) expect(value).not.toBe('refused')
    const refused = { how: 'thrown', value: 'refused', told: ['process write inspector'] }
    expect(debugPort).toEqual({ inspector: refused, promises: refused, signal: refused })
  })

  it('a datagram tells its peer once, also before its socket is bound, and never leaves when refused', async () => {
    const { results, got, thrown, isUntouched } = await found<{
      results: Cases
      got: string[]
      thrown: Observed
      isUntouched: boolean
    }>(node, 'datagrams.mjs')
    expect(Object.keys(results)).toHaveLength(7)
    for (const [name, { allowed, refused }] of Object.entries(results)) {
      const isNamed = name === 'to a name' || name === 'not bound yet'
      const told = [`udp write ${isNamed ? '127.1' : '127.0.0.1'}:PORT`]
      expect([name, allowed]).toEqual([name, { how: 'done', told }])
      expect([name, refused]).toEqual([name, { how: 'failed', value: 'refused', told }])
    }
    expect(got).toEqual(Object.keys(results))
    expect(thrown).toMatchObject({ how: 'thrown', value: 'refused' })
    expect(isUntouched).toBe(true)
  })

  it('asking for a name tells it, connecting to a name does not', async () => {
    const { results, connections } = await found<{
      results: Record<string, Partial<Twice<{ isAsked: boolean }>>>
      connections: Record<string, Observed>
    }>(node, 'names.mjs')
    expect(Object.keys(results)).toHaveLength(13)
    for (const [name, { allowed, refused }] of Object.entries(results)) {
      if (/of (an address|localhost)/.test(name)) {
        expect([name, refused]).toMatchObject([name, { how: 'done', told: [] }])
        continue
      }
      const asked = name.includes('lookup')
        ? '127.1'
        : name.includes('reverse')
          ? '192.0.2.1'
          : 'one.test'
      const told = [`dns read ${asked}`]
      if (allowed !== undefined) expect([name, allowed]).toMatchObject([name, { told }])
      expect([name, refused]).toMatchObject([name, { how: 'failed', value: 'refused', told }])
      expect([name, refused?.isAsked ?? false]).toEqual([name, false])
    }
    expect(results['resolve4 by a resolver']?.allowed).toMatchObject({
      value: 'queryA ENOTFOUND one.test',
    })
    for (const { how, told } of Object.values(connections)) {
      expect(how).toBe('done')
      expect(told.filter((effect) => effect.startsWith('dns'))).toEqual([])
    }
    expect(Object.keys(connections)).toHaveLength(4)
  })

  it('workers and messages tell, what Node sends for itself does not', async () => {
    const { results, messages, imported, isSame } = await found<{
      results: Cases
      messages: Cases
      imported: Observed
      isSame: Record<string, boolean>
    }>(node, 'workers.mjs')
    expect(Object.keys(results)).toHaveLength(6)
    for (const [name, { allowed, refused }] of Object.entries(results)) {
      const told = [`worker write ${name === 'of text' ? 'eval' : 'FILE'}`]
      expect([name, allowed]).toEqual([name, { how: 'done', told }])
      expect([name, refused]).toEqual([name, { how: 'failed', value: 'refused', told, started: 0 }])
    }
    const sent = (target: string): unknown => ({
      allowed: expect.objectContaining({
        how: 'done',
        told: [`worker write ${target}`],
      }) as unknown,
      refused: { how: 'thrown', value: 'refused', told: [`worker write ${target}`] },
      arrived: 'allowed',
    })
    expect(messages).toEqual({ worker: sent('FILE'), port: sent('port'), channel: sent('news') })
    expect(imported).toEqual({ how: 'done', told: [] })
    expect(isSame).toEqual({ instance: true, subclass: true, class: true })
  })

  it('calls over HTTP/2 tell, also over a session from before, and do not reach the server when refused', async () => {
    const { results, asked } = await found<{ results: Cases; asked: string[] }>(node, 'http2.mjs')
    const calls = {
      warm: 'GET 127.0.0.1:PORT /warm',
      late: 'POST 127.0.0.1:PORT /late',
      'by default': 'GET 127.0.0.1:PORT /',
      'by name': 'GET shop.test /',
      ...(major < 24 ? {} : { 'by list': 'GET list.test /list' }),
    }
    const both = Object.entries(calls).map(([name, call]) => {
      const told = [`http2 unknown ${call}`]
      return [
        name,
        { allowed: { how: 'done', told }, refused: { how: 'failed', value: 'refused', told } },
      ]
    })
    expect(results).toEqual(Object.fromEntries(both))
    const last = major < 24 ? [] : ['GET /list']
    expect(asked).toEqual(['GET /warm?token=1', 'POST /late', 'GET /', 'GET /', ...last])
  })

  it('functions look as ever and complain of bad arguments as ever', async () => {
    interface Shapes {
      readonly shapes: unknown
      readonly unwatched: Record<string, unknown>
      readonly isWatchedTheSame: boolean
      readonly promisified: unknown
    }
    const hooked = await found<Shapes>(node, 'shapes.cjs')
    // Importing the module is enough for some of its properties to be made.
    const importing = ['--import', 'data:text/javascript,import "node:fs"']
    const plain = await found<Shapes>(node, 'shapes.cjs', importing)
    expect(hooked).toEqual(plain)
    expect(Object.keys(plain.unwatched).length).toBeGreaterThan(80)
    expect(hooked.isWatchedTheSame).toBe(true)
    expect(hooked.promisified).toEqual({
      exists: true,
      read: ['bytesRead', 'buffer'],
      write: ['bytesWritten', 'buffer'],
      writev: ['bytesWritten', 'buffer'],
      lookup: ['address', 'family'],
      exec: ['stdout', 'stderr'],
      native: 'function',
    })
  })

  it('HTTP/2 is not loaded for the hooks, and installing them twice tells no more than once', async () => {
    expect(await found(node, 'installed.mjs')).toEqual({
      isHttp2Loaded: false,
      told: { how: 'thrown', value: 'refused', told: ['file write /none/at/all'] },
    })
  })
})

/** Streams call `write` and `writev` from callbacks: these give the error to theirs. */
function isThrown(name: string, style: string): boolean {
  if (/promis|stream/.test(style)) return false
  const byCallback = (name === 'write' || name === 'writev') && style.includes('callback')
  return !byCallback
}
