import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeProfile, encodeProfile, limits } from '../../formats/index.ts'
import { inspectCommand } from './inspect.ts'

const golden = new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)

/** The application that the golden file was recorded from. */
const application: Readonly<Record<string, string>> = {
  'package.json': '{"name":"shop"}',
  'server.js': "require('./routes.mjs')\n",
  'routes.mjs': '\uFEFFexport const ünï = "☕"\n',
  'config.json': '{"port":3000}\n',
  'node_modules/@shop/render/lib/render.js': 'exports.render = (x) => `<p>${x}</p>`\n',
  'lazy/report.js': 'module.exports = () => 42\n',
}

let folder = ''
let profile = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-inspect-'))
  profile = path.join(folder, 'shop.prewarm')
  writeFileSync(profile, readFileSync(golden))
  for (const [name, content] of Object.entries(application)) write(name, content)
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, content: string): void {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
}

async function inspect(...args: string[]): Promise<string> {
  let output = ''
  const command = inspectCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (output += text), writeErr: () => undefined })
  await command.parseAsync(args, { from: 'user' })
  return stripVTControlCharacters(output)
}

async function freshness(...args: string[]): Promise<unknown> {
  return (JSON.parse(await inspect(profile, '--json', ...args)) as { freshness: unknown }).freshness
}

describe('prewarm inspect', () => {
  it('prints what the profile holds', async () => {
    const text = await inspect(profile, '--app', folder)
    expect(text).toContain('Application  shop:server.js')
    expect(text).toContain('5 of 5 modules are as recorded')
    expect(text.endsWith('recorded\n')).toBe(true)
  })

  it('prints as many rows as it is told to', async () => {
    const text = await inspect(profile, '--app', folder, '--top', '1')
    expect(text).toContain('Slowest modules (1 of 4)')
  })

  it('prints everything as JSON', async () => {
    const json: unknown = JSON.parse(await inspect(profile, '--json', '--app', folder))
    expect(json).toMatchObject({
      schemaVersion: 1,
      file: { path: profile, formatVersion: 1, sectionBytes: { codecache: 96 } },
      meta: { appId: 'shop:server.js', node: 'v20.20.0', listenMs: 845.25 },
      counts: {
        modules: 8,
        startup: 7,
        late: 1,
        functions: 2,
        servers: 2,
        routes: 2,
        exemplars: { rehearse: 2, compare: 1 },
      },
      caches: { count: 2, bytes: 96 },
      freshness: { root: folder, fresh: 5, changed: [], missing: [], notCompared: [] },
    })
    const { modules, functions, routes } = json as Record<string, unknown[]>
    expect(modules?.[4]).toEqual({
      id: '@shop/render@2.1.0/lib/render.js',
      path: 'node_modules/@shop/render/lib/render.js',
      format: 'cjs',
      phase: 'startup',
      selfMs: 12,
      totalMs: 240.5,
      requester: 'server.js',
      cacheBytes: 56,
    })
    expect(functions?.[0]).toEqual({
      module: '@shop/render@2.1.0/lib/render.js',
      name: 'render',
      line: 1,
      column: 18,
      original: null,
      selfMs: 820.5,
      samples: 821,
      tier: 'turbofan',
    })
    expect(routes?.[1]).toMatchObject({
      method: 'POST',
      route: '/search',
      requests: 5,
      exemplars: { rehearse: 1, compare: 0 },
    })
  })

  it('prints effects, tapes and trials by route, and counts them in JSON', async () => {
    const recorded = decodeProfile(readFileSync(golden))
    const effects = [{ kind: 'redis', access: 'write', target: 'cache:6379' }] as const
    const ledger = [
      { route: 1, exemplar: 0, outcome: 'passed', status: 200, effects, note: '' },
    ] as const
    const url = 'http://upstream/price'
    const body = new Uint8Array(7)
    const tapes = [{ route: 1, exemplar: 0, method: 'GET', url, status: 200, headers: [], body }]
    writeFileSync(profile, encodeProfile({ ...recorded, ledger, tapes }))
    const text = await inspect(profile, '--routes')
    expect(text).toContain('effects   redis write cache:6379 (1)')
    expect(text).toContain('GET http://upstream/price 200 (1)')
    expect(text).not.toContain('Slowest modules')
    expect(JSON.parse(await inspect(profile, '--json'))).toMatchObject({
      counts: { ledger: { passed: 1 }, tapes: { count: 1, bytes: 7 } },
      routes: [
        { ledger: {}, effects: {}, tapes: { count: 0 } },
        { ledger: { passed: 1 }, effects: { 'redis write cache:6379': 1 }, tapes: { count: 1 } },
      ],
    })
  })

  it('prints no recorded request, not even as JSON', async () => {
    const json = await inspect(profile, '--json', '--app', folder)
    expect(json).not.toContain('shop.test')
    expect(json).not.toContain('coffee')
  })
})

describe('the comparison with the application', () => {
  it('names what was changed and what is missing', async () => {
    write('server.js', "require('./routez.mjs')\n")
    write('config.json', `{"port":3000}${' '.repeat(1000)}\n`)
    rmSync(path.join(folder, 'lazy/report.js'))
    expect(await freshness('--app', folder)).toEqual({
      root: folder,
      fresh: 2,
      changed: ['server.js', 'config.json'],
      missing: ['lazy/report.js'],
      notCompared: [],
    })
  })

  it('leaves out TypeScript and JSX, which V8 gets as another text, unless the file is missing', async () => {
    const recorded = decodeProfile(readFileSync(golden))
    const names = new Map([
      ['server.js', 'server.ts'],
      ['routes.mjs', 'routes.mts'],
      ['lazy/report.js', 'lazy/report.cts'],
      ['node_modules/@shop/render/lib/render.js', 'render.tsx'],
    ])
    const modules = recorded.modules.map((module) => {
      return { ...module, path: names.get(module.path) ?? module.path }
    })
    writeFileSync(profile, encodeProfile({ ...recorded, modules }))
    for (const name of ['server.ts', 'routes.mts', 'render.tsx']) write(name, 'let a: number')
    expect(await freshness('--app', folder)).toEqual({
      root: folder,
      fresh: 1,
      changed: [],
      missing: ['lazy/report.cts'],
      notCompared: ['server.ts', 'routes.mts', 'render.tsx'],
    })
  })

  it('takes the folder of the nearest package.json above for the application', async () => {
    expect(await freshness('--app', path.join(folder, 'lazy'))).toMatchObject({
      root: folder,
      fresh: 5,
    })
  })

  it('takes a folder where a file was for a missing file', async () => {
    rmSync(path.join(folder, 'server.js'))
    mkdirSync(path.join(folder, 'server.js'))
    expect(await freshness('--app', folder)).toMatchObject({ fresh: 4, missing: ['server.js'] })
  })
})

describe('what cannot be inspected', () => {
  it.each([
    ['a file that does not exist', 'nope.prewarm', 'ERR_PREWARM_FMT_UNREADABLE'],
    ['a folder', '.', 'ERR_PREWARM_FMT_UNREADABLE'],
    ['another file', 'server.js', 'ERR_PREWARM_FMT_NOT_A_PROFILE'],
  ])('%s is refused with a hint', async (_title, name, code) => {
    await expect(inspect(path.join(folder, name))).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(/\w/) as unknown,
    })
  })

  it('a file over the limit is refused before it is read', async () => {
    const sparse = path.join(folder, 'huge.prewarm')
    writeFileSync(sparse, '')
    truncateSync(sparse, limits.fileBytes + 1)
    await expect(inspect(sparse)).rejects.toMatchObject({ code: 'ERR_PREWARM_FMT_LIMIT' })
  })

  it.runIf(process.platform !== 'win32')('a device that never ends is refused', async () => {
    await expect(inspect('/dev/zero')).rejects.toMatchObject({
      code: 'ERR_PREWARM_FMT_UNREADABLE',
      message: 'Cannot read /dev/zero: it is not a regular file',
    })
  })

  it.each(['0', '-1', '1.5', 'many'])('--top %s is refused', async (top) => {
    await expect(inspect(profile, `--top=${top}`)).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    })
  })

  it('a folder that does not exist is refused', async () => {
    const app = path.join(folder, 'nope')
    await expect(inspect(profile, '--app', app)).rejects.toMatchObject({
      code: 'ERR_PREWARM_CLI_USAGE',
      message: `--app ${app}: there is no such folder`,
    })
  })
})
