// Calls every writing function of fs in every style: once told, once refused.
import * as named from 'node:fs'
import { promises } from 'node:fs'
import * as namedPromises from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const fs = createRequire(import.meta.url)('fs')
const {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = fs
await effectHooks.completeEffectHooks()

const scratch = fs.realpathSync(mkdtempSync(path.join(os.tmpdir(), 'prewarm-files-')))
process.on('exit', () => rmSync(scratch, { recursive: true }))
const ids = process.getuid() === 0 ? [4711, 4711] : [process.getuid(), process.getgid()]

/** Arguments of every function, in a folder with a file, a link to it, a folder with a file, and an empty folder. */
const operations = {
  appendFile: (at) => [at('file'), 'more'],
  chmod: (at) => [at('file'), 0o600],
  chown: (at) => [at('file'), ...ids],
  copyFile: (at) => [at('file'), at('new')],
  cp: (at) => [at('folder'), at('new'), { recursive: true }],
  fchmod: (at, fd) => [fd, 0o600],
  fchown: (at, fd) => [fd, ...ids],
  ftruncate: (at, fd) => [fd, 1],
  futimes: (at, fd) => [fd, 1, 1],
  lchown: (at) => [at('link'), ...ids],
  link: (at) => [at('file'), at('new')],
  lutimes: (at) => [at('link'), 1, 1],
  mkdir: (at) => [at('new/deep'), { recursive: true }],
  mkdtemp: (at) => [at('new-')],
  mkdtempDisposable: (at) => [at('new-')],
  open: (at) => [at('new'), 'a'],
  rename: (at) => [at('file'), at('new')],
  rm: (at) => [at('folder'), { recursive: true }],
  rmdir: (at) => [at('empty')],
  symlink: (at) => [at('file'), at('new')],
  truncate: (at) => [at('file'), 1],
  unlink: (at) => [at('file')],
  utimes: (at) => [at('file'), 1, 1],
  write: (at, fd) => [fd, Buffer.from('written')],
  writeFile: (at) => [at('new'), Buffer.from('written')],
  writev: (at, fd) => [fd, [Buffer.from('writ'), Buffer.from('ten')]],
}
const variants = {
  'writeFile of text': ['writeFile', (at) => [at('new'), 'text', 'utf8']],
  'writeFile with flush': ['writeFile', (at) => [at('new'), 'text', { flush: true }]],
  'writeFile to a descriptor': ['writeFile', (at, fd) => [fd, 'text']],
  'writeFile by URL': ['writeFile', (at) => [pathToFileURL(at('new')), 'text']],
  'writeFile by bytes': ['writeFile', (at) => [Buffer.from(at('new')), 'text']],
  'writeFile by relative path': ['writeFile', (at) => [path.relative('', at('new')), 'text']],
  'open by number': ['open', (at) => [at('new'), fs.constants.O_CREAT | fs.constants.O_RDWR]],
  'rmdir of a tree': ['rmdir', (at) => [at('folder'), { recursive: true }]],
}

const callback =
  (fn) =>
  (...args) => {
    let outcome
    const done = new Promise((resolve, reject) => {
      outcome = [resolve, reject]
    })
    fn(...args, (error, value) => (error ? outcome[1](error) : outcome[0](value)))
    return done
  }
/** The functions are looked up here, as an application does: when it is loaded. */
const stylesOf = (name) => {
  const { [name]: destructured, [`${name}Sync`]: destructuredSync } = fs
  const styles = {
    callback: destructured && callback(destructured),
    sync: destructuredSync,
    promise: promises[name],
    promisified: destructured && promisify(destructured),
    'named callback': named[name] && callback(named[name]),
    'named sync': named[`${name}Sync`],
    'named promise': namedPromises[name],
  }
  return Object.entries(styles).filter(([, fn]) => fn !== undefined)
}

function prepare() {
  const folder = mkdtempSync(path.join(scratch, 'case-'))
  const at = (name) => path.join(folder, name)
  writeFileSync(at('file'), 'content')
  symlinkSync('file', at('link'))
  mkdirSync(at('folder/inner'), { recursive: true })
  mkdirSync(at('empty'))
  writeFileSync(at('folder/inner/one'), 'one')
  writeFileSync(at('folder/two'), 'two')
  return { at, folder, fd: openSync(at('file'), 'r+') }
}

function snapshot(folder) {
  const entries = readdirSync(folder, { recursive: true }).sort()
  return entries.map((name) => {
    const file = path.join(folder, name)
    const stats = lstatSync(file)
    const { mode, uid, gid } = stats
    if (stats.isDirectory()) return [name, mode, uid, gid]
    const content = stats.isSymbolicLink() ? readlinkSync(file) : readFileSync(file, 'utf8')
    return [name, mode, uid, gid, stats.mtimeMs, content]
  })
}

async function attempt(run, options) {
  const { at, folder, fd } = prepare()
  const before = JSON.stringify(snapshot(folder))
  const { how, told, value } = await observe(() => run(at, fd), options)
  const after = JSON.stringify(snapshot(folder))
  if (typeof value === 'number' && how === 'done' && value > fd) fs.closeSync(value)
  if (typeof value?.close === 'function') await value.close()
  try {
    fs.closeSync(fd)
  } catch {
    // A stream has closed it.
  }
  return {
    how: value === 'refused' || how === 'done' ? how : `${how}: ${value}`,
    told: told.map((name) => name.replaceAll(`${folder}/`, '')),
    changed: before !== after,
  }
}

const results = {}
async function both(name, style, run) {
  results[name] ??= {}
  const allowed = await attempt(run)
  results[name][style] = { allowed, refused: await attempt(run, { refuse: true }) }
}

for (const [name, argsOf] of Object.entries(operations))
  for (const [style, fn] of stylesOf(name))
    await both(name, style, (at, fd) => fn(...argsOf(at, fd)))
for (const [title, [name, argsOf]] of Object.entries(variants))
  for (const [style, fn] of stylesOf(name)) {
    if (style.includes('promise') && title.includes('descriptor')) continue
    await both(title, style, (at, fd) => fn(...argsOf(at, fd)))
  }

const handleOperations = {
  appendFile: ['more'],
  chmod: [0o600],
  chown: ids,
  truncate: [1],
  utimes: [1, 1],
  write: ['written'],
  writeFile: ['written'],
  writev: [[Buffer.from('written')]],
}
for (const [name, args] of Object.entries(handleOperations)) {
  const cases = {}
  for (const refuse of [false, true]) {
    let handle
    cases[refuse ? 'refused' : 'allowed'] = await attempt(
      async (at) => {
        handle = await opened(at('file'))
        try {
          return void (await handle[name](...args))
        } finally {
          await handle.close()
        }
      },
      { refuse },
    )
  }
  results[`handle.${name}`] = { promise: cases }
}

/** A handle that nobody was told of. */
function opened(file) {
  return outside(() => promises.open(file, 'r+'))
}

const ended = (stream) =>
  new Promise((resolve, reject) => {
    let failure
    stream.on('error', (error) => (failure = error))
    stream.on('close', () => (failure ? reject(failure) : resolve()))
  })
await both('new stream', 'stream', (at) => {
  const stream = fs.createWriteStream(at('new'))
  stream.end('text')
  return ended(stream)
})
await both('stream on a descriptor', 'stream', (at, fd) => {
  const stream = named.createWriteStream('', { fd })
  stream.write('one')
  stream.write('two')
  stream.end('three')
  return ended(stream)
})
await both('stream of a handle', 'stream', async (at) => {
  const stream = (await opened(at('file'))).createWriteStream()
  stream.end('text')
  return ended(stream)
})
await both('stream that was opened before', 'stream', async (at) => {
  const stream = await outside(async () => {
    const before = fs.createWriteStream(at('file'), { flags: 'r+' })
    await new Promise((resolve) => before.on('ready', resolve))
    return before
  })
  stream.end('text')
  return ended(stream)
})

/** What a copy asks its caller is the caller's doing. */
const filtered = await attempt((at) => {
  fs.cpSync(at('file'), at('new'), {
    filter() {
      writeFileSync(at('by-filter'), 'text')
      return true
    },
  })
})
const inCallback = await attempt(
  (at) =>
    new Promise((resolve, reject) => {
      fs.rm(at('folder'), { recursive: true }, (error) => {
        if (error) return reject(error)
        fs.writeFile(at('from-callback'), 'text', resolve)
      })
    }),
)

/** As graceful-fs does it. */
const { writeFile, open } = fs
fs.writeFile = function (file, data, ...rest) {
  return writeFile(file, `${data} again`, ...rest)
}
fs.open = Object.setPrototypeOf(function (...args) {
  return open(...args)
}, open)
const repatched = await attempt(async (at) => {
  await promisify(fs.writeFile)(at('new'), 'text')
  return readFileSync(at('new'), 'utf8')
})
const repatchedRefused = await attempt((at) => promisify(fs.writeFile)(at('new'), 'text'), {
  refuse: true,
})

effectHooks.restEffectHooks()
console.log(JSON.stringify({ results, filtered, inCallback, repatched, repatchedRefused }))
