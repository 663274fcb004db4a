import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startReport } from '../../formats/fixtures/start-report.ts'
import type { FileEntry } from '../api.ts'
import { plan, resultsText, Scene, goldenProfile } from './fixtures/scene.ts'
import { openPaths } from './folder-scan.ts'
import { Library } from './library.ts'
import { serverLimits } from './limits.ts'

let scene: Scene

beforeEach(() => {
  scene = new Scene()
  scene.writeUsual()
})

afterEach(() => {
  scene.remove()
})

async function listed(...paths: readonly string[]): Promise<readonly FileEntry[]> {
  return (await scene.app({}, ...paths)).files()
}

test('lists what is ours, by name and content, with a title each', async () => {
  scene.write('files/1795800000000-42.live.jsonl', '')
  scene.write('files/app.start.json', JSON.stringify(startReport))
  scene.write('files/other.jsonl', '{"level":30,"msg":"listening"}\n')
  scene.write('files/report-like.json', '{"schemaVersion":1,"node":"v24.0.0"}')
  const files = await listed()
  expect(files.map(({ name, kind, title, error }) => [name, kind, title, error]).sort()).toEqual([
    ['1795800000000-42.live.jsonl', 'live', 'no lines yet', null],
    ['app.prewarm', 'profile', 'shop:server.js, Node v20.20.0, 1,205 requests', null],
    ['app.start.json', 'start', 'node app.js, Node v24.0.0, start of 1 arm', null],
    ['run.report.json', 'report', 'shop:server.js, Node v24.0.0, applied', null],
    ['shop.jsonl', 'results', 'node app.js, 3 runs of 2 arms', null],
  ])
})

test('the newest come first', async () => {
  utimesSync(path.join(scene.folder, 'files/app.prewarm'), 2_000_000_000, 2_000_000_000)
  utimesSync(path.join(scene.folder, 'files/shop.jsonl'), 1, 1)
  const files = await listed()
  expect(files.map(({ name }) => name)).toEqual(['app.prewarm', 'run.report.json', 'shop.jsonl'])
  expect(files[2]?.modifiedAt).toBe('1970-01-01T00:00:01.000Z')
})

test('a broken file is listed with what is wrong with it', async () => {
  const profile = readFileSync(goldenProfile)
  scene.write('files/torn.prewarm', profile.subarray(0, profile.length - 1))
  scene.write('files/later.jsonl', resultsText({ schemaVersion: 2 }))
  scene.write('files/torn.jsonl', '{"type":"prewarm-results","schemaVer')
  scene.write('files/torn.json', '{"schemaVersion":1,"prewarm":"0.1.0","pid":1,')
  const files = await listed()
  const codes = files.flatMap(({ name, error }) => (error === null ? [] : [[name, error.code]]))
  expect(Object.fromEntries(codes)).toEqual({
    'torn.prewarm': 'ERR_PREWARM_FMT_TRUNCATED',
    'later.jsonl': 'ERR_PREWARM_FMT_VERSION',
    'torn.jsonl': 'ERR_PREWARM_FMT_INVALID',
    'torn.json': 'ERR_PREWARM_DSH_KIND',
  })
  expect(JSON.stringify(files)).not.toContain(scene.folder)
})

test('looks three folders deep, and not where dependencies and secrets lie', async () => {
  const places = ['a/b/c', 'a/b/c/d', 'node_modules/x', '.git', '.demo', '.prewarm/x']
  for (const place of places) scene.write(`files/${place}/app.jsonl`, resultsText())
  const names = (await listed()).map(({ name }) => name)
  expect(names.filter((name) => name.includes('/')).sort()).toEqual([
    '.demo/app.jsonl',
    '.prewarm/x/app.jsonl',
    'a/b/c/app.jsonl',
  ])
})

test('follows no link, and opens none that has taken the place of a file', async () => {
  const secret = scene.write('secret/app.jsonl', resultsText({ command: ['secret'] }))
  symlinkSync(secret, path.join(scene.folder, 'files/link.jsonl'))
  symlinkSync(path.dirname(secret), path.join(scene.folder, 'files/linked'))
  const app = await scene.app()
  const id = await app.idOf('shop.jsonl')
  expect((await app.files()).map(({ name }) => name)).not.toContain('link.jsonl')
  expect(await app.get(`/api/results/${id}`)).toMatchObject({ plan: { command: plan.command } })

  rmSync(path.join(scene.folder, 'files/shop.jsonl'))
  symlinkSync(secret, path.join(scene.folder, 'files/shop.jsonl'))
  expect((await app.ask(`/api/results/${id}`)).status).toBe(404)

  mkdirSync(path.join(scene.folder, 'files/sub'))
  renameSync(secret, path.join(scene.folder, 'files/sub/app.jsonl'))
  expect((await app.ask(`/api/results/${await app.idOf('sub/app.jsonl')}`)).status).toBe(200)
})

test('a file that the user has named is listed whatever it is', async () => {
  scene.write('files/notes.txt', 'hello')
  const files = await listed('files/notes.txt', 'files/shop.jsonl')
  expect(files.map(({ name, error }) => [name, error?.code]).sort()).toEqual([
    ['notes.txt', 'ERR_PREWARM_FMT_NOT_A_PROFILE'],
    ['shop.jsonl', undefined],
  ])
})

test('names of files in several folders begin with the folder', async () => {
  scene.write('more/app.jsonl', resultsText())
  const names = (await listed('files', 'more')).map(({ name }) => name)
  expect(names).toContain('files/shop.jsonl')
  expect(names).toContain('more/app.jsonl')
})

test('ids stay the same, over a restart too, and content that has changed is read anew', async () => {
  const app = await scene.app()
  const id = await app.idOf('shop.jsonl')
  await app.get(`/api/results/${id}`)
  scene.write('files/shop.jsonl', resultsText({ command: ['node', 'other.js'] }))
  expect(await app.get(`/api/results/${id}`)).toMatchObject({ report: { app: 'node other.js' } })
  expect(await (await scene.app()).idOf('shop.jsonl')).toBe(id)
})

test('what is not there is refused at the start', async () => {
  await expect(scene.app({}, 'nowhere')).rejects.toMatchObject({ code: 'ERR_PREWARM_DSH_PATH' })
})

test('lists the newest where there are too many, and says so', async () => {
  for (let pid = 0; pid < serverLimits.files; pid++) scene.write(`many/${pid}.live.jsonl`, '')
  const library = new Library(await openPaths([path.join(scene.folder, 'many')]), () =>
    Promise.resolve(''),
  )
  expect([await library.count(), library.isCut]).toEqual([serverLimits.files, false])
  utimesSync(path.join(scene.folder, 'many/7.live.jsonl'), 1, 1)
  scene.write('many/one-more.live.jsonl', '')
  expect([await library.count(), library.isCut]).toEqual([serverLimits.files, true])
  const names = (await library.list()).map(({ name }) => name)
  expect(names).toContain('one-more.live.jsonl')
  expect(names).not.toContain('7.live.jsonl')
})
