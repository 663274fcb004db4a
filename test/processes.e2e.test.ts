import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseLiveLines, type LiveLine } from '../formats/live.ts'
import type { RunReport } from '../formats/report.ts'
import {
  app,
  get,
  nodeLines,
  record,
  replay,
  replayer,
  reportOf,
  scratchFolder,
  until,
} from './harness.ts'

const scratch = scratchFolder()
const [newest = '', nodeOfNewest = ''] = nodeLines.at(-1) ?? []
const paths = ['/', '/orders', '/customers']

function folderOf(name: string): string {
  const folder = path.join(scratch, name)
  mkdirSync(folder)
  return folder
}

/** Of every process, what it told the live channel. */
function liveIn(folder: string): LiveLine[][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((name) =>
    parseLiveLines(readFileSync(path.join(folder, name), 'utf8')),
  )
}

interface Span {
  readonly from: number
  readonly to: number
}

/** When a process rehearsed, ms since 1970. */
function rehearsalOf(lines: readonly LiveLine[]): Span {
  const [start] = lines
  const stages = lines.filter((line) => line.type === 'stage')
  const first = stages.find(({ name }) => name === 'preload')
  const last = stages.find(({ name }) => name === 'rehearse')
  if (start?.type !== 'start' || first === undefined || last === undefined) {
    throw new Error(`no rehearsal in ${JSON.stringify(lines)}`)
  }
  const origin = Date.parse(start.startedAt)
  return { from: origin + first.startMs, to: origin + last.ms }
}

/** Most spans that have a moment in common. */
function mostAtOnce(spans: readonly Span[]): number {
  return Math.max(
    ...spans.map(({ from }) => spans.filter((each) => each.from <= from && from < each.to).length),
  )
}

const slotsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.slot'))

describe(`several processes of one host on Node ${newest}`, () => {
  const profile = path.join(scratch, 'waves.prewarm')
  const script = app('cluster-waves.cjs')
  beforeAll(async () => {
    await record(nodeOfNewest, script, profile, async (url) => {
      for (let time = 0; time < 8; time++) {
        // A connection of its own goes to the next worker.
        for (const each of paths) await get(url + each, { headers: { connection: 'close' } })
      }
    })
  })

  it.each([
    ['1', 1],
    ['2', 2],
  ])('at most %s rehearse at the same time, and all of a cluster open', async (wave, most) => {
    const state = folderOf(`state-${wave}`)
    const live = path.join(scratch, `live-${wave}`)
    const reports = path.join(folderOf(`reports-${wave}`), '{pid}.json')
    const service = await replay(nodeOfNewest, script, profile, {
      PREWARM_WAVE: wave,
      PREWARM_WAVE_WAIT: '60s',
      PREWARM_ROUNDS: '150',
      PREWARM_STATE_DIR: state,
      PREWARM_LIVE: live,
      PREWARM_REPORT: reports,
    })
    expect(await get(service.url)).toBe('hello from /')
    expect(await service.stop()).toBe(0)
    const files = readdirSync(path.dirname(reports)).filter((name) => name.endsWith('.json'))
    expect(files).toHaveLength(4)
    const waits: boolean[] = []
    for (const name of files) {
      const report = await reportOf(path.join(path.dirname(reports), name))
      expect(report.rehearsal).toMatchObject({ applied: paths.length, rounds: 150 })
      expect(report.skipped).toEqual([])
      waits.push(report.stages.some((stage) => stage.name === 'wait'))
    }
    expect(waits.filter(Boolean).length).toBeGreaterThan(0)
    const workers = liveIn(live).filter((lines) => lines.some((line) => line.type === 'listen'))
    expect(workers).toHaveLength(4)
    expect(mostAtOnce(workers.map(rehearsalOf))).toBeLessThanOrEqual(most)
    expect(slotsIn(state)).toEqual([])
  })

  describe('of which one never gets done', () => {
    const server = app('bare.cjs')
    const alone = path.join(scratch, 'alone.prewarm')
    beforeAll(async () => {
      await record(nodeOfNewest, server, alone, (url) => get(url).then(() => undefined))
    })

    /** Holds the only slot of the folder until it is ended. */
    async function holdSlot(state: string): Promise<ChildProcess> {
      const holder = spawn(nodeOfNewest, ['--import', replayer, server], {
        env: {
          ...process.env,
          PORT: '0',
          PREWARM_PROFILE: alone,
          PREWARM_BUDGET: '10m',
          PREWARM_ROUNDS: '999999',
          PREWARM_REPORT: 'off',
          PREWARM_WAVE: '1',
          PREWARM_STATE_DIR: state,
        },
        stdio: 'ignore',
      })
      await until(() => slotsIn(state).length === 1)
      return holder
    }

    async function startBeside(
      state: string,
      waveWait: string,
      onWait: () => void,
    ): Promise<RunReport> {
      const live = `${state}-live`
      const starting = replay(nodeOfNewest, server, alone, {
        PREWARM_ROUNDS: '3',
        PREWARM_WAVE: '1',
        PREWARM_WAVE_WAIT: waveWait,
        PREWARM_STATE_DIR: state,
        PREWARM_LIVE: live,
      })
      const isWaiting = (line: LiveLine): boolean =>
        line.type === 'state' && line.detail === 'Other processes of the host are rehearsing.'
      await until(() => liveIn(live).flat().some(isWaiting))
      onWait()
      const service = await starting
      expect(await get(service.url)).toContain('"url":"/"')
      const report = await reportOf(`${alone}.report.json`)
      expect(await service.stop()).toBe(0)
      expect(report.rehearsal).toMatchObject({ applied: 1, rounds: 3 })
      expect(report.stages.map(({ name }) => name)).toContain('wait')
      return report
    }

    it('gives way as soon as it is killed', async () => {
      const state = folderOf('killed')
      const holder = await holdSlot(state)
      const report = await startBeside(state, '10m', () => holder.kill('SIGKILL'))
      expect(report.skipped).toEqual([])
      expect(slotsIn(state)).toEqual([])
    })

    it('is not waited for longer than is said', async () => {
      const state = folderOf('late')
      const holder = await holdSlot(state)
      const report = await startBeside(state, '300ms', () => undefined)
      expect(report.skipped).toEqual([{ unit: 'turn', reason: 'WAVE_FULL' }])
      expect(slotsIn(state)).toHaveLength(1)
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    })
  })
})
