import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openProfile } from '../formats/codec.ts'
import {
  app,
  ask,
  get,
  nodeLines,
  prewarm,
  readProfile,
  record,
  replay,
  reportOf,
  scratchFolder,
} from './harness.ts'

const folder = scratchFolder()

interface Check {
  readonly share: number
  readonly keptInChanged: number
  readonly mismatches: readonly { readonly reason: string }[]
  readonly kinds: readonly { readonly kind: string; readonly valid: number; readonly of: number }[]
  readonly freshness: { readonly changed: readonly string[]; readonly missing: readonly string[] }
}

/** An application of two files, with a function that gets hot in each. */
const files: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "counting-house", "version": "1.0.0" }\n',
  'sums.js': `exports.sum = function sum(numbers) {
  let total = 0
  for (const number of numbers) total += number * number
  return total
}

exports.product = function product(numbers) {
  let total = 1
  for (const number of numbers) total = (total * number) % 1000003
  return total
}
`,
  'server.js': `const http = require('node:http')
const { sum, product } = require('./sums.js')
const numbers = Array.from({ length: 200000 }, (_, index) => index + 1)

function answer(url) {
  return url.startsWith('/sum') ? sum(numbers) : product(numbers)
}

const server = http.createServer((request, response) => response.end(String(answer(request.url))))
server.listen(process.env.PORT, () => console.log('http://localhost:' + server.address().port))
process.once('SIGTERM', () => server.close(() => process.exit(0)))
`,
}

/** A copy of the application of its own. */
function install(name: string): string {
  const place = path.join(folder, name)
  cpSync(app('bare.cjs'), path.join(place, 'other.cjs'))
  for (const [file, content] of Object.entries(files))
    writeFileSync(path.join(place, file), content)
  return place
}

describe.each(nodeLines)('profiles of Node %s', (line, node) => {
  const at = (name: string): string => path.join(folder, `${line}-${name}`)
  const [first, second, merged] = ['first', 'second', 'merged'].map((name) =>
    at(`${name}.prewarm`),
  ) as [string, string, string]
  let place = ''
  const server = (): string => path.join(place, 'server.js')

  beforeAll(async () => {
    place = install(`app-${line}`)
    await record(node, server(), first, (url) => ask(url, ['/sum?a=1', '/sum?a=2'], 20))
    await record(node, server(), second, (url) => ask(url, ['/sum?a=1', '/product'], 10))
  })

  it('are merged to one that a service starts with', async () => {
    const args = ['merge', first, second, '-o', merged, '--force']
    const { code, stdout, stderr } = await prewarm(args)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('counting-house:server.js, generation 1')
    expect(stdout).not.toContain('Not everything is kept')
    const { meta, requests, modules } = readProfile(merged)
    expect(meta.requestCount).toBe(60)
    expect(meta.parents).toEqual(
      [first, second].map((file) => openProfile(readFileSync(file)).digest),
    )
    const counts = requests.routes.map(({ route, count }) => [route, count])
    expect(Object.fromEntries(counts)).toEqual({ '/sum': 50, '/product': 10 })
    const cached = modules.filter(({ cacheBytes }) => cacheBytes > 0).map(({ path }) => path)
    expect(cached.sort()).toEqual(['server.js', 'sums.js'])

    const service = await replay(node, server(), merged, { PREWARM_ROUNDS: '20' })
    expect(await get(`${service.url}/product`)).toMatch(/^\d+$/)
    const report = await reportOf(`${merged}.report.json`)
    expect(report).toMatchObject({ outcome: 'applied', codeCache: { applied: 2, skipped: {} } })
    expect(await service.stop()).toBe(0)
    expect((await prewarm(['inspect', merged])).stdout).toMatch(/^Merged +generation 1, of 2 prof/m)
  })

  it('are valid until a file changes, and functions in it longer than that', async () => {
    const check = async (least = '80%'): Promise<readonly [number, Check]> => {
      const args = ['check', '-p', first, '--min-valid', least, '--json', '--', node, server()]
      const { code, stdout } = await prewarm(args)
      return [code, JSON.parse(stdout) as Check]
    }
    expect(await check()).toMatchObject([0, { share: 1, mismatches: [], keptInChanged: 0 }])

    const sums = path.join(place, 'sums.js')
    writeFileSync(sums, `// A line more.\n${files['sums.js'] ?? ''}`)
    const [code, moved] = await check()
    expect(code).toBe(3)
    expect(moved.freshness).toMatchObject({ changed: ['sums.js'], missing: [] })
    expect(moved.keptInChanged).toBeGreaterThan(0)
    const functionsOf = ({ kinds }: Check): number | undefined =>
      kinds.find(({ kind }) => kind === 'hot functions')?.valid
    writeFileSync(sums, (files['sums.js'] ?? '').replaceAll('total', 'result'))
    const [, edited] = await check()
    expect(edited.keptInChanged).toBe(0)
    expect(functionsOf(edited)).toBe((functionsOf(moved) ?? 0) - moved.keptInChanged)
    expect((await check('0%'))[0]).toBe(0)
    writeFileSync(sums, files['sums.js'] ?? '')
  })

  it('differ in what one build has and another has not', async () => {
    const sums = path.join(place, 'sums.js')
    const third = at('third.prewarm')
    writeFileSync(sums, `// A line more.\n${files['sums.js'] ?? ''}`)
    await record(node, server(), third, (url) => ask(url, ['/product'], 40))
    writeFileSync(sums, files['sums.js'] ?? '')
    const { code, stdout } = await prewarm(['diff', first, third, '--exit-code'])
    expect(code).toBe(3)
    expect(stdout).toMatch(/^~ sums\.js /m)
    expect(stdout).toMatch(/^- GET \/sum /m)
    expect(stdout).toMatch(/^\+ GET \/product /m)
    expect(stdout).toMatch(/^\+ product sums\.js/m)
    const same = await prewarm(['diff', first, first, '--exit-code'])
    expect(same).toMatchObject({ code: 0, stderr: '' })
    expect(same.stdout).toContain('Nothing differs.')

    const { losses } = JSON.parse(
      (await prewarm(['merge', first, third, '-o', at('both.prewarm'), '--json'])).stdout,
    ) as { losses: unknown }
    expect(losses).toMatchObject({
      conflicts: [{ path: 'sums.js', kept: third, outdated: [first] }],
    })
  })
})

describe('profiles that do not belong together', () => {
  it.runIf(nodeLines.length > 1)(
    'are refused, with the reason (takes two Node lines)',
    async () => {
      const [one, other] = nodeLines as [(typeof nodeLines)[0], (typeof nodeLines)[0]]
      const profiles = [one, other].map(([line]) => path.join(folder, `${line}-first.prewarm`))
      const out = path.join(folder, 'never.prewarm')
      const { code, stdout, stderr } = await prewarm(['merge', ...profiles, '-o', out])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toContain('prewarm: ERR_PREWARM_FMT_MERGE: Another Node line: ')
    },
  )

  it('are refused by check when the Node is another one', async () => {
    const [line] = nodeLines.find(([, node]) => node !== process.execPath) ?? ['']
    const profile = path.join(folder, `${line}-first.prewarm`)
    const place = path.join(folder, `app-${line}`)
    const args = ['check', '-p', profile, '--app', place, '--json']
    const { code, stdout } = await prewarm(args)
    const isOther = line !== process.version.slice(1).split('.', 1)[0]
    const { mismatches } = JSON.parse(stdout) as Check
    expect(code).toBe(isOther ? 3 : 0)
    expect(mismatches.map(({ reason }) => reason)).toEqual(isOther ? ['NODE_MISMATCH'] : [])
  })
})
