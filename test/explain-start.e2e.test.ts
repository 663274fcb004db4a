import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { parseStartReport, type StartModule, type StartReport } from '../formats/start-report.ts'
import { get, nodeLines, prewarm, record, scratchFolder } from './harness.ts'

const folder = scratchFolder()
const lines = nodeLines.filter(([line]) => line === '20' || line === '24')

const busy = (ms: number): string =>
  `const end = performance.now() + ${ms}; while (performance.now() < end);`

const listenCjs = `require('node:http').createServer(answer).listen(0, function () {
  console.log('listening on http://127.0.0.1:' + this.address().port)
})`

/** Writes an application; keys are paths below its folder. */
function writeApp(name: string, files: Readonly<Record<string, string>>): (file: string) => string {
  const root = path.join(folder, name)
  const all = { 'package.json': `{"name":"${name}"}`, ...files }
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), content)
  }
  return (file) => path.join(root, file)
}

function packageFiles(at: string, version: string, main: string): Readonly<Record<string, string>> {
  const name = at.split('node_modules/').at(-1) ?? ''
  return {
    [`${at}/package.json`]: JSON.stringify({ name, version, main: 'index.js' }),
    [`${at}/index.js`]: main,
  }
}

const commonJs = writeApp('cjs', {
  'app.js': `
    require('heavy'); require('./slow'); require('both'); require('./constants')
    const { half, route } = require('./used')
    half(4)
    function answer(request, response) { response.end(route(request)) }
    ${listenCjs}`,
  'slow.js': `${busy(80)} exports.never = () => 1`,
  'used.js': `const late = require('./late')
    exports.half = (n) => n / 2
    exports.route = (request) => request.url === '/late' ? late() : 'ok'`,
  'late.js': `module.exports = () => 'late'`,
  'constants.js': `exports.one = 1`,
  ...packageFiles(
    'node_modules/heavy',
    '1.2.3',
    `require('./part'); ${busy(40)} exports.f = () => 1`,
  ),
  'node_modules/heavy/part.js': `${busy(20)} exports.g = () => 2`,
  ...packageFiles('node_modules/twice', '1.0.0', `${busy(15)} module.exports = () => 1`),
  ...packageFiles('node_modules/both', '1.0.0', `require('twice')(); module.exports = 1`),
  ...packageFiles(
    'node_modules/both/node_modules/twice',
    '2.0.0',
    `${busy(15)} module.exports = () => 2`,
  ),
  'other.js': `require('twice')(); require('./app')`,
})

const esModules = writeApp('esm', {
  'app.mjs': `
    import http from 'node:http'
    import './slow.mjs'
    import { half } from './used.mjs'
    await new Promise((resolve) => setTimeout(resolve, 150))
    half(4)
    http.createServer((request, response) => response.end('ok')).listen(0)`,
  'slow.mjs': `${busy(80)} export const never = () => 1`,
  'used.mjs': `export const half = (n) => n / 2`,
})

async function explain(node: string, script: string, ...options: string[]): Promise<StartReport> {
  const args = ['explain-start', '--runs', '1', '--observe', '200ms', '--json', ...options]
  const { stdout, stderr, code } = await prewarm([...args, '--', node, script])
  expect(code, stderr).toBe(0)
  return parseStartReport(stdout)
}

function modulesOf(report: StartReport): Readonly<Record<string, StartModule>> {
  return Object.fromEntries(report.arms[0]?.modules.map((module) => [module.id, module]) ?? [])
}

function lazyIds({ arms, lazy }: StartReport): (string | undefined)[] {
  return lazy?.modules.map(({ module }) => arms[0]?.modules[module]?.id) ?? []
}

describe.each(lines)('Node %s', (_line, node) => {
  it('says of CommonJS where the time goes, and what is loaded for nothing', async () => {
    const report = await explain(node, commonJs('other.js'))
    const [cold] = report.arms
    const phases = cold?.phases ?? []
    expect(phases.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(cold?.tracedMs ?? 0, 3)
    const evaluated = cold?.modules.reduce((sum, { evaluateMs }) => sum + evaluateMs, 0)
    expect(phases.find(({ phase }) => phase === 'evaluate')?.ms).toBeCloseTo(evaluated ?? 0, 0)

    const modules = modulesOf(report)
    expect(modules['slow.js']?.evaluateMs).toBeGreaterThan(50)
    const heavy = modules['heavy@1.2.3/index.js']
    expect(heavy?.package).toBe('heavy@1.2.3')
    expect(heavy?.evaluateMs).toBeGreaterThan(25)
    // Without the module that it loads.
    expect(heavy?.evaluateMs).toBeLessThan((heavy?.totalMs ?? 0) - 12)
    expect(cold?.modules[heavy?.requester ?? -1]?.id).toBe('app.js')

    const ids = lazyIds(report)
    expect(ids).toContain('heavy@1.2.3/index.js')
    expect(ids).toContain('slow.js')
    // Called, without functions, loaded by a candidate alone, and not asked for.
    for (const id of ['used.js', 'constants.js', 'heavy@1.2.3/part.js', 'app.js', 'other.js']) {
      expect(ids).not.toContain(id)
    }
    expect(report.lazy?.packages.find((each) => each.package === 'heavy@1.2.3')).toMatchObject({
      modules: 2,
      uncalled: 2,
      called: 0,
    })
    const advice = Object.fromEntries(report.advice.map((each) => [each.kind, each]))
    expect(advice['two-copies']?.evidence.join()).toMatch(
      /2\.0\.0 in node_modules\/both\/node_modules\/twice/,
    )
    expect(report.advice.some(({ title }) => title.includes('top level of slow.js'))).toBe(true)
    expect(advice['development']).toBeDefined()
  })

  it('says of ES modules what can be known of them, and what is waited for', async () => {
    const report = await explain(node, esModules('app.mjs'))
    const modules = modulesOf(report)
    expect(modules['slow.mjs']?.format).toBe('esm')
    expect(modules['slow.mjs']?.evaluateMs).toBeGreaterThan(60)
    const wait = report.arms[0]?.phases.find(({ phase }) => phase === 'wait')?.ms
    expect(wait).toBeGreaterThan(100)
    expect(report.advice.map(({ kind }) => kind)).toContain('waiting')
    const ids = lazyIds(report)
    expect(ids).toContain('slow.mjs')
    expect(ids).not.toContain('used.mjs')
  })

  it('shows the start with prewarm besides, and counts what recorded requests call', async () => {
    const profile = path.join(folder, `${_line}.prewarm`)
    await record(node, commonJs('app.js'), profile, async (url) => {
      for (let times = 0; times < 5; times++) await get(`${url}/late`)
    })
    const without = await explain(node, commonJs('app.js'))
    expect(lazyIds(without)).toContain('late.js')
    const report = await explain(node, commonJs('app.js'), '-p', profile)
    expect(report.arms.map(({ name }) => name)).toEqual(['cold', 'prewarm'])
    expect(lazyIds(report)).not.toContain('late.js')
    expect(lazyIds(report)).toContain('heavy@1.2.3/index.js')
    const warm = report.arms[1]
    expect(warm?.phases.find(({ phase }) => phase === 'prewarm')?.ms).toBeGreaterThan(1)
    const slow = warm?.modules.find(({ id }) => id === 'slow.js')
    expect(slow?.evaluateMs).toBeGreaterThan(50)
  })
})

test('-o keeps what --json prints, and overwrites nothing', async () => {
  const file = path.join(folder, 'start.json')
  const args = ['explain-start', '--runs', '1', '--observe', '0', '-o', file]
  const command = ['--', process.execPath, commonJs('app.js')]
  const { stdout } = await prewarm([...args, ...command])
  expect(stdout).toContain('Phases')
  expect(parseStartReport(readFileSync(file, 'utf8')).lazy).toBeNull()
  const again = await prewarm([...args, ...command])
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('ERR_PREWARM_CLI_EXISTS')])
})

test('a service that hooks the loader itself starts as without a trace', async () => {
  const hooking = writeApp('hooking', {
    'app.js': `
      const Module = require('node:module')
      const load = Module._extensions['.js']
      Module._extensions['.js'] = function (module, file) {
        const compile = module._compile
        module._compile = function (code, name) {
          return compile.call(this, code.replace('WRONG', 'right'), name)
        }
        load(module, file)
      }
      const found = require('./word')
      Module._extensions['.js'] = load
      if (found !== 'right' || require('./plain') !== 'plain') process.exit(1)
      require('node:fs').writeFileSync(process.env.SEEN, found)
      function answer(request, response) { response.end() }
      ${listenCjs}`,
    'word.js': `module.exports = 'WRONG'`,
    'plain.js': `module.exports = 'plain'`,
  })
  process.env['SEEN'] = path.join(folder, 'seen')
  const report = await explain(process.execPath, hooking('app.js'))
  expect(existsSync(process.env['SEEN'])).toBe(true)
  expect(modulesOf(report)['word.js']?.format).toBe('cjs')
})
