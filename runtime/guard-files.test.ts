import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { guardLimits, standingOf } from '../formats/guard-state.ts'
import { GuardFiles } from './guard-files.ts'

const digest = 'd'.repeat(64)
let folder = ''
let files: GuardFiles

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-guard-'))
  files = new GuardFiles(path.join(folder, 'app.prewarm'), undefined, digest)
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const died = { event: 'died', start: 'applied' } as const

describe('the log', () => {
  it('is beside the profile, or where it is told to be', () => {
    files.append(died)
    expect(files.read()).toMatchObject([{ ...died, profile: digest, pid: process.pid }])
    expect(readdirSync(folder)).toEqual(['app.prewarm.guard.jsonl'])
    const elsewhere = path.join(folder, 'state')
    mkdirSync(elsewhere)
    new GuardFiles('/anywhere/app.prewarm', elsewhere, digest).append(died)
    expect(readdirSync(elsewhere)).toEqual(['app.prewarm.guard.jsonl'])
  })

  it('goes on after a line that was cut', () => {
    files.append(died)
    appendFileSync(files.log, '{"event":"di')
    files.append(died)
    expect(files.read()).toHaveLength(2)
  })

  it('does not grow for ever, and keeps what is in force', () => {
    files.append({ event: 'verdict', reason: 'HARMFUL', detail: 'slow' })
    const line = readFileSync(files.log, 'utf8').replace('HARMFUL', 'TIER_UP_OFF')
    appendFileSync(files.log, line.repeat(Math.ceil(guardLimits.fileBytes / line.length)))
    files.append(died)
    expect(statSync(files.log).size).toBeLessThan(guardLimits.fileBytes / 4)
    expect(standingOf(files.read(), digest)).toMatchObject({
      harmful: { detail: 'slow' },
      crashLoop: { deaths: 1 },
    })
    expect(readdirSync(folder)).toEqual(['app.prewarm.guard.jsonl'])
    expect(files.trouble).toBeUndefined()
  })

  it('takes lines of many processes at once', async () => {
    const script = `
      import { GuardFiles } from ${JSON.stringify(new URL('../dist/runtime/guard-files.js', import.meta.url).href)}
      const files = new GuardFiles(${JSON.stringify(path.join(folder, 'app.prewarm'))}, undefined, '${digest}')
      for (let time = 0; time < 100; time++) files.append({ event: 'died', start: 'applied' })`
    const ends = Array.from({ length: 4 }, () =>
      once(spawn(process.execPath, ['--input-type=module', '-e', script]), 'exit'),
    )
    for (const end of await Promise.all(ends)) expect(end).toEqual([0, null])
    expect(files.read()).toHaveLength(400)
  })
})

describe('a folder that cannot be used', () => {
  const cases: readonly [name: string, make: (file: string) => string][] = [
    ['is not there', (file) => path.join(file, 'none')],
    [
      'is a file',
      (file) => {
        writeFileSync(file, '')
        return file
      },
    ],
    [
      'has a folder in the place of the log',
      (file) => {
        mkdirSync(path.join(file, 'app.prewarm.guard.jsonl'), { recursive: true })
        return file
      },
    ],
    [
      'has a link in its place',
      (file) => {
        mkdirSync(file)
        writeFileSync(path.join(file, 'victim'), '')
        symlinkSync('victim', path.join(file, 'app.prewarm.guard.jsonl'))
        return file
      },
    ],
    [
      'has a pipe in its place',
      (file) => {
        mkdirSync(file)
        execFileSync('mkfifo', [path.join(file, 'app.prewarm.guard.jsonl')])
        return file
      },
    ],
  ]

  it.runIf(process.platform === 'linux').each(cases)('%s: costs the memory alone', (_, make) => {
    const state = make(path.join(folder, 'state'))
    const broken = new GuardFiles('app.prewarm', state, digest)
    expect(broken.append(died)).toMatchObject(died)
    expect(broken.read()).toEqual([])
    expect(broken.trouble).not.toBe(undefined)
    const victim = path.join(state, 'victim')
    if (existsSync(victim)) expect(readFileSync(victim, 'utf8')).toBe('')
  })

  it.runIf(process.platform === 'linux')('is full: no empty marker stays', () => {
    // /dev/full takes files as little as a full disk does, but only a file system has folders.
    const state = path.join(folder, 'state')
    mkdirSync(state)
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4096', 'none', state])
    if (mount.status !== 0) {
      process.stderr.write('left out: no file system can be mounted here\n')
      return
    }
    try {
      writeFileSync(path.join(state, 'rest'), Buffer.alloc(4096))
      const full = new GuardFiles('app.prewarm', state, digest)
      expect(full.mark('applied')).toBeUndefined()
      full.append(died)
      expect(full.trouble).toContain('ENOSPC')
      expect(readdirSync(state).filter((name) => name.endsWith('.start'))).toEqual([])
    } finally {
      execFileSync('umount', [state])
    }
  })

  it.runIf(process.platform === 'linux')('is read-only: says so', () => {
    const state = path.join(folder, 'state')
    mkdirSync(state)
    // Permissions do not count for root.
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', state]).status === 0
    if (!isMounted) chmodSync(state, 0o500)
    try {
      const readOnly = new GuardFiles('app.prewarm', state, digest)
      expect(readOnly.read()).toEqual([])
      expect(readOnly.trouble).toBeUndefined()
      expect(readOnly.mark('applied')).toBeUndefined()
      expect(readOnly.trouble).toMatch(/EROFS|EACCES/)
      expect(readOnly.append(died)).toMatchObject(died)
    } finally {
      if (isMounted) execFileSync('umount', [state])
    }
  })
})

describe('markers', () => {
  /** Runs to its end in a process of its own; `before`: what starts it. */
  const markIn = (before: readonly string[] = []): void => {
    const script = `
      import { GuardFiles } from ${JSON.stringify(new URL('../dist/runtime/guard-files.js', import.meta.url).href)}
      new GuardFiles(${JSON.stringify(path.join(folder, 'app.prewarm'))}, undefined, '${digest}').mark('applied')`
    const [command, ...args] = [...before, process.execPath, '--input-type=module']
    execFileSync(command, [...args, '-e', script], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  }
  const fates = (): string[] => files.markers().map(({ fate }) => fate)

  it('of processes that run are told from those of processes that are gone', () => {
    const own = files.mark('applied') ?? ''
    expect(fates()).toEqual(['alive'])
    markIn()
    expect(fates().sort()).toEqual(['alive', 'gone'])
    const [gone] = files.markers().filter(({ fate }) => fate === 'gone')
    expect([files.claim(gone?.file ?? ''), files.claim(gone?.file ?? '')]).toEqual([true, false])
    expect(files.claim(own)).toBe(true)
    expect(fates()).toEqual([])
  })

  it('of a process whose number another one has now are those of one that is gone', () => {
    const file = files.mark('applied') ?? ''
    const content = readFileSync(file, 'utf8')
    writeFileSync(file, content.replace(/"startTicks":"\d+"/, '"startTicks":"1"'))
    expect(fates()).toEqual([process.platform === 'linux' ? 'gone' : 'alive'])
  })

  it('of another machine are not judged', () => {
    const file = files.mark('applied') ?? ''
    const content = readFileSync(file, 'utf8')
    writeFileSync(file, content.replace(/"host":"[^"]*"/, '"host":"another"'))
    expect(fates()).toEqual(['elsewhere'])
  })

  it('of a container before it was restarted, or a machine, are those of one that is gone', () => {
    if (process.platform !== 'linux') return
    const changes: readonly [written: RegExp, other: string][] = [
      [/"namespace":"[^"]*"/, '"namespace":"pid:[1]"'],
      [/"boot":"[^"]*"/, '"boot":"earlier"'],
    ]
    for (const [written, other] of changes) {
      const file = files.mark('applied') ?? ''
      writeFileSync(file, readFileSync(file, 'utf8').replace(written, other))
      expect(fates()).toEqual(['gone'])
      files.claim(file)
    }
  })

  it('of process 1 of one container after another are all found', () => {
    const unshare = ['unshare', '--pid', '--fork', '--mount-proc']
    if (spawnSync('unshare', [...unshare.slice(1), 'true']).status !== 0) {
      process.stderr.write('left out: process ids cannot be unshared here\n')
      return
    }
    markIn(unshare)
    markIn(unshare)
    const found = files.markers()
    expect(found.map(({ marker, fate }) => [marker.pid, fate])).toEqual([
      [1, 'gone'],
      [1, 'gone'],
    ])
  })

  it('of another profile, and what is none, are left alone', () => {
    new GuardFiles(path.join(folder, 'app.prewarm'), undefined, 'e'.repeat(64)).mark('applied')
    writeFileSync(path.join(folder, `app.prewarm.guard.${digest.slice(0, 16)}.1-x.start`), '{"pid')
    expect(fates()).toEqual([])
    expect(readdirSync(folder)).toHaveLength(2)
  })
})
