import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identifyApp } from './app.ts'

let base: string

beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'prewarm-app-')))
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

/** Writes files, with their contents by path, into the folder `shop`, and returns that folder. */
function shopWith(files: Readonly<Record<string, string>>): string {
  const folder = path.join(base, 'shop')
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}

const printsItself = 'console.log(__filename)'
const manifest = (main?: string): string => JSON.stringify({ name: '@acme/shop', main })

const cases: readonly {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  readonly entry: string
  readonly id: string
}[] = [
  {
    title: 'a file',
    files: { 'package.json': manifest(), 'src/server.js': printsItself },
    entry: 'src/server.js',
    id: '@acme/shop:src/server.js',
  },
  {
    title: 'a file without its extension',
    files: { 'package.json': manifest(), 'server.js': printsItself },
    entry: 'server',
    id: '@acme/shop:server.js',
  },
  {
    title: 'a file without its extension beside a folder of that name',
    files: { 'package.json': manifest(), 'server.js': printsItself, 'server/index.js': '' },
    entry: 'server',
    id: '@acme/shop:server.js',
  },
  {
    title: 'a folder with a main',
    files: { 'package.json': manifest('lib/start'), 'lib/start.js': printsItself, 'index.js': '' },
    entry: '.',
    id: '@acme/shop:lib/start.js',
  },
  {
    title: 'a folder with a package.json and an index.js',
    files: { 'package.json': manifest(), 'index.js': printsItself },
    entry: '.',
    id: '@acme/shop:index.js',
  },
  {
    title: 'a folder inside the package',
    files: { 'package.json': manifest(), 'service/index.js': printsItself },
    entry: 'service',
    id: '@acme/shop:service/index.js',
  },
]

describe('names the file that Node runs', () => {
  it.each(cases)('for $title', ({ files, entry, id }) => {
    const folder = shopWith(files)
    const app = identifyApp(path.join(folder, entry))
    expect(app).toEqual({ id, root: folder })
    const { stdout } = spawnSync(process.execPath, [entry], { cwd: folder, encoding: 'utf8' })
    expect(stdout.trim()).toBe(path.join(folder, id.split(':')[1] ?? ''))
  })

  it('for a symlink, as the file that it leads to', () => {
    const folder = shopWith({ 'package.json': manifest(), 'server.js': '' })
    const link = path.join(base, 'current.js')
    symlinkSync(path.join(folder, 'server.js'), link)
    expect(identifyApp(link)).toEqual({ id: '@acme/shop:server.js', root: folder })
    symlinkSync(folder, path.join(base, 'current'))
    expect(identifyApp(path.join(base, 'current', 'server.js')).root).toBe(folder)
  })
})

describe('without a usable package.json', () => {
  it('the folder of the file is the root when there is none', () => {
    const folder = shopWith({ 'index.js': '' })
    expect(identifyApp(folder)).toEqual({ id: 'index.js', root: folder })
  })

  it('a broken one still marks the root, which is then called by its folder', () => {
    const folder = shopWith({ 'package.json': '{ "name": ', 'src/server.js': '' })
    const app = identifyApp(path.join(folder, 'src', 'server.js'))
    expect(app).toEqual({ id: 'shop:src/server.js', root: folder })
    expect(() => identifyApp(folder)).not.toThrow()
  })

  it('one without a name is called by its folder', () => {
    const folder = shopWith({ 'package.json': '{}', 'server.js': '' })
    expect(identifyApp(path.join(folder, 'server.js')).id).toBe('shop:server.js')
  })
})

it('an entry that does not exist is named as it was given', () => {
  const folder = shopWith({ 'package.json': manifest() })
  const app = identifyApp(path.join(folder, 'missing.js'))
  expect(app).toEqual({ id: '@acme/shop:missing.js', root: folder })
})

it('there may be no entry file at all', () => {
  expect(identifyApp(undefined)).toEqual({ id: '(no entry file)', root: process.cwd() })
})
