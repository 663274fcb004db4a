import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { formatBytes, formatCount, formatMs } from '../dashboard/analysis/units.ts'
import type { FileList } from '../dashboard/api.ts'
import type { Series } from '../dashboard/client/charts/series.ts'
import { startReport } from '../formats/fixtures/start-report.ts'
import type { MetricName } from '../formats/compare-report.ts'
import { chromiumProgram } from '../scripts/chromium.mjs'
import { shop } from '../scripts/shop.mjs'
import { cli, get, prewarm, scratchFolder, startService } from './harness.ts'
import { makeShopFiles, shopServer, type ShopFiles } from './dashboard/shop-files.ts'
import {
  WatchedBrowser,
  eventually,
  overflowOf,
  saved,
  tableIn,
  violationsIn,
} from './dashboard/watched-browser.ts'

type Service = Awaited<ReturnType<typeof startService>>

if (chromiumProgram === undefined) {
  process.stderr.write(
    'no Chromium here (Debian: apt-get install chromium): tests of the page are left out\n',
  )
}

const startFile = 'app.start.json'

describe.skipIf(chromiumProgram === undefined)('the page of the dashboard', () => {
  const scratch = scratchFolder()
  let files: ShopFiles
  let browser: WatchedBrowser
  let dashboard: Service
  let ids: Readonly<Record<string, string>>

  beforeAll(async () => {
    files = await makeShopFiles(path.join(scratch, 'shop'))
    writeFileSync(path.join(files.folder, startFile), JSON.stringify(startReport))
    dashboard = await serve(files.folder, '--app', shop)
    const { files: listed } = JSON.parse(await get(`${dashboard.url}api/files`)) as FileList
    ids = Object.fromEntries(listed.map(({ name, id }) => [name, id]))
    browser = await WatchedBrowser.launch()
  }, 240_000)

  afterAll(async () => {
    await browser.close()
    await dashboard.stop()
  })

  afterEach(async () => {
    await browser.clear()
    expect(browser.troubles.splice(0)).toEqual([])
  })

  function serve(folder: string, ...args: readonly string[]): Promise<Service> {
    return startService(process.execPath, [cli, 'dashboard', folder, '--port', '0', ...args])
  }

  const addressOf = (view: string, file: string, query = ''): string =>
    `${dashboard.url}#/${view}?file=${ids[file] ?? ''}${query}`

  const open = (view: string, file: string, query = ''): Promise<Page> =>
    browser.open(addressOf(view, file, query))

  const openCompare = async (query = ''): Promise<Page> => {
    const page = await open('compare', files.results, query)
    await chartIn(page).waitFor()
    return page
  }

  describe('Compare', () => {
    it('says what the command line says, in sentences, figures and the table', async () => {
      const { compared } = files
      const page = await openCompare()
      const verdict = await page.locator('.verdict p').allInnerTexts()
      expect(verdict.join('\n')).toBe(compared.verdict)

      const pairs = [
        ...new Set(compared.ratios.map(({ arm, against }) => `${arm} against ${against}`)),
      ]
      const [first = ''] = await page.locator('.pair h3').allInnerTexts()
      expect(pairs).toContain(first)
      const [arm = '', against = ''] = first.split(' against ')
      const ratioOf = (metric: MetricName): string => {
        const found = compared.ratios.find(
          (each) => each.arm === arm && each.against === against && each.metric === metric,
        )
        return `×${found?.ratio?.toFixed(2) ?? ''}`
      }
      const medianOf = (name: string, metric: MetricName): string => {
        const median =
          compared.arms.find((each) => each.name === name)?.metrics[metric].median ?? NaN
        return metric === 'rssBytes' ? formatBytes(Math.round(median)) : formatMs(median)
      }
      const shown = page.locator('.pair').first().locator('.figure')
      const cells = await Promise.all((await shown.all()).map((figure) => figure.innerText()))
      const keys = ['firstRequestSumMs', 'timeLost50Ms', 'steadySumMs', 'timeToListenMs'] as const
      expect(cells).toHaveLength(keys.length)
      for (const [index, metric] of keys.entries()) {
        expect(cells[index]).toContain(ratioOf(metric))
        expect(cells[index]).toContain(`${medianOf(against, metric)} → ${medianOf(arm, metric)}`)
      }

      const metrics: Readonly<Record<string, MetricName>> = {
        'Time to listen': 'timeToListenMs',
        'First requests, sum': 'firstRequestSumMs',
        'p99 of the first 10 rounds': 'p99First10Ms',
        'Time lost, first 10 rounds': 'timeLost10Ms',
        'Time lost, first 40 rounds': 'timeLost50Ms',
        'First 40, common level': 'timeLost50PooledMs',
        'Steady level, per round': 'steadySumMs',
        'CPU of the whole run': 'cpuMs',
        'Memory at the end': 'rssBytes',
      }
      const rows = await tableIn(page.getByRole('region', { name: 'Table of all figures' }))
      expect(
        rows.map(([title, ...values]) => [title, ...values.slice(0, compared.arms.length)]),
      ).toEqual(
        Object.entries(metrics).map(([title, metric]) => [
          title,
          ...compared.arms.map(({ name }) => medianOf(name, metric)),
        ]),
      )
    })

    it('draws a line of every arm with a point for every round', async () => {
      const { compared } = files
      const page = await openCompare()
      const chart = chartIn(page)
      await eventually(
        async () => (await seriesOf(chart)).map(({ name, points }) => [name, points.length]),
        compared.arms.map(({ name }) => [name, compared.rounds]),
      )
      for (const { name, points } of await seriesOf(chart)) {
        const curve = compared.curves.find(({ arm }) => arm === name)
        expect(points.map(({ y }) => y.toFixed(6))).toEqual(
          curve?.roundSumMs.map((ms) => ms.toFixed(6)),
        )
      }
      expect(await chart.locator('.legend .name').allInnerTexts()).toEqual(
        compared.arms.map(({ name }) => name),
      )
      await eventually(() => inkOf(chart), true)
      await chart.getByText('As a table').click()
      const rows = await tableIn(page.getByRole('region', { name: 'Table of the curves' }))
      expect(rows.map(([place]) => place)).toEqual([
        ...['Round 1', 'Round 2', 'Round 5', 'Round 10', 'Round 20', 'Round 40', 'Steady level'],
      ])
    })

    it('shows the curves of one route, chosen in the list or in the table', async () => {
      const { compared } = files
      const page = await openCompare()
      const chart = chartIn(page)
      await seriesLoaded(chart)
      const whole = await seriesOf(chart)
      const route = compared.perRoute[0]?.route ?? ''
      await page.getByRole('combobox', { name: 'Requests' }).selectOption(route)
      await eventually(() => paramsOf(page)['route'], route)
      await eventually(async () => (await chart.getAttribute('heading'))?.endsWith(route), true)
      await eventually(async () => {
        const [first] = await seriesOf(chart)
        return (first?.points[0]?.y ?? Infinity) < (whole[0]?.points[0]?.y ?? 0)
      }, true)
      const other = compared.perRoute[1]?.route ?? ''
      await page
        .getByRole('region', { name: 'Latency per route' })
        .getByText(other, { exact: true })
        .click()
      await eventually(() => paramsOf(page)['route'], other)
      await page.goBack()
      await eventually(() => paramsOf(page)['route'], route)
      await page.goBack()
      await eventually(() => seriesOf(chart), whole)
      await page.goForward()
      await eventually(() => page.getByRole('combobox', { name: 'Requests' }).inputValue(), route)
    })

    it('zooms where a stretch is dragged over, and shows all again', async () => {
      const page = await openCompare()
      const chart = chartIn(page)
      await seriesLoaded(chart)
      await chart.locator('.plot').scrollIntoViewIfNeeded()
      const { x = 0, y = 0, width = 0 } = (await chart.locator('.plot').boundingBox()) ?? {}
      await page.mouse.move(x + width * 0.4, y + 100)
      await page.mouse.down()
      await page.mouse.move(x + width * 0.5, y + 120)
      await page.mouse.move(x + width * 0.7, y + 120)
      await page.mouse.up()
      await eventually(() => Number(paramsOf(page)['from']) > 5, true)
      expect(Number(paramsOf(page)['to'])).toBeLessThan(files.compared.rounds)
      await chart.getByText('As a table').click()
      const table = page.getByRole('region', { name: 'Table of the curves' })
      const [first = []] = await tableIn(table)
      expect(Number(/Round (\d+)/.exec(first[0] ?? '')?.[1])).toBeGreaterThan(5)
      await chart.getByRole('button', { name: 'Show all' }).click()
      await eventually(() => paramsOf(page)['from'], undefined)
      await eventually(async () => (await tableIn(table))[0]?.[0], 'Round 1')
    })

    it('is zoomed, read and moved by keyboard', async () => {
      const page = await openCompare()
      const chart = chartIn(page)
      await seriesLoaded(chart)
      const plot = chart.locator('.plot')
      await plot.press('End')
      await eventually(
        () => chart.locator('.legend .at').innerText(),
        `Round ${files.compared.rounds}`,
      )
      await plot.press('Home')
      await plot.press('ArrowRight')
      await eventually(() => chart.locator('.legend .at').innerText(), 'Round 2')
      const spoken = await chart.locator('.hidden[role=status]').first().textContent()
      for (const { name } of files.compared.arms) expect(spoken).toContain(name)
      await plot.press('+')
      await eventually(() => paramsOf(page)['to'] !== undefined, true)
      await plot.press('0')
      await eventually(() => paramsOf(page)['to'], undefined)
    })

    it('looks the same behind a link: route, zoom, scale and what is switched off', async () => {
      const { compared } = files
      const page = await openCompare()
      const chart = chartIn(page)
      await page.getByRole('button', { name: 'Logarithmic' }).click()
      await page.getByRole('button', { name: 'First 10' }).click()
      const legend = chart.locator('.legend button')
      await legend.nth(1).click()
      await eventually(() => legend.nth(1).getAttribute('aria-pressed'), 'false')
      const route = compared.perRoute[0]?.route ?? ''
      await page.getByRole('combobox', { name: 'Requests' }).selectOption(route)
      const state = { scale: 'log', from: '1', to: '10', off: '1', route }
      await eventually(() => paramsOf(page), { file: ids[files.results] ?? '', ...state })
      await eventually(async () => (await chart.getAttribute('heading'))?.endsWith(route), true)

      const again = chartIn(await browser.open(page.url()))
      await again.waitFor()
      for (const part of ['logarithmic', 'range', 'off', 'axis', 'series'] as const) {
        await eventually(() => propertyOf(again, part), await propertyOf(chart, part))
      }
      expect(await propertyOf(again, 'logarithmic')).toBe(true)
      expect(await propertyOf(again, 'off')).toEqual([compared.arms[1]?.name])
    })

    it('saves pictures and numbers', async () => {
      const { compared } = files
      const page = await openCompare('&off=0')
      const chart = chartIn(page)
      await seriesLoaded(chart)
      const csv = await saved(page, chart.getByRole('button', { name: 'CSV' }))
      const lines = csv.toString().trimEnd().split('\r\n')
      expect(lines[0]).toBe('series,round,median_ms,low_ms,high_ms')
      expect(lines).toHaveLength(1 + (compared.arms.length - 1) * compared.rounds)
      const [, second] = compared.curves
      const [name, round, median] = lines[1]?.split(',') ?? []
      expect([name, round]).toEqual([second?.arm, '1'])
      expect(Number(median)).toBeCloseTo(second?.roundSumMs[0] ?? NaN, 6)
      await eventually(() => inkOf(chart), true)
      const png = await saved(page, chart.getByRole('button', { name: 'PNG' }))
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      expect([png.readUInt32BE(16) > 800, png.readUInt32BE(20) > 200]).toEqual([true, true])
      // A picture without lines is far smaller.
      expect(png.length).toBeGreaterThan(8000)
    })
  })

  describe('its colours', () => {
    it('follow the system until one chooses, and the choice stays', async () => {
      const page = await openCompare()
      const light = await backgroundOf(page)
      await page.emulateMedia({ colorScheme: 'dark' })
      await eventually(async () => (await backgroundOf(page)) !== light, true)
      const dark = await backgroundOf(page)
      const toggle = page.getByRole('button', { name: 'Colours' })
      await toggle.click()
      await eventually(() => backgroundOf(page), light)
      await toggle.click()
      await eventually(() => backgroundOf(page), dark)
      await page.emulateMedia({ colorScheme: 'light' })
      await page.reload()
      await chartIn(page).waitFor()
      expect(await backgroundOf(page)).toBe(dark)
    })
  })

  describe('Replay', () => {
    it('tells the stages and counts of the run report', async () => {
      const { run } = files
      const page = await open('replay', files.report)
      const stages = await tableIn(page.getByRole('region', { name: 'Table of the stages' }))
      const before = run.stages.slice(0, run.stages.findIndex(({ name }) => name === 'open') + 1)
      const times = new Map(stages.map(([title, time]) => [title, time]))
      const titles = {
        preflight: 'Preflight',
        load: 'Load pack',
        codecache: 'Code cache',
        wait: 'Wait',
        preload: 'Preload',
        rehearse: 'Rehearsal',
        settle: 'Settle',
        open: 'Open',
      }
      expect(before.length).toBeGreaterThan(3)
      for (const { name, ms } of before) expect(times.get(titles[name])).toBe(formatMs(ms))
      expect(times.get('All')).toBe(formatMs(run.openMs ?? NaN))
      // The application itself is what the stages leave; then there is the sum.
      expect(stages).toHaveLength(before.length + 2)

      const rows = await tableIn(
        page.getByRole('region', { name: 'Applied and skipped by reason' }),
      )
      const parts = {
        'Code caches': run.codeCache,
        'Late modules': run.preload,
        Requests: run.rehearsal,
        'Optimised functions': run.tierUp,
        'Other work': run.work,
      }
      const expected = Object.entries(parts).flatMap(([title, { applied, skipped }]) => {
        const reasons = Object.entries(skipped).filter(([, count]) => count > 0)
        if (applied === 0 && reasons.length === 0) return []
        return [
          [title],
          ['applied', formatCount(applied)],
          ...reasons.map(([code, count]) => [code, formatCount(count)]),
        ]
      })
      expect(rows.map((row) => row.slice(0, 2)).sort()).toEqual(expected.sort())
    })

    it('filters what was not applied by its reason', async () => {
      const { skipped } = files.run
      const counts = new Map<string, number>()
      for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1)
      const [reason = '', count = 0] = [...counts][0] ?? []
      const page = await open('replay', files.report)
      await page.getByRole('combobox', { name: 'Reason' }).selectOption(reason)
      await eventually(() => paramsOf(page)['reason'], reason)
      const list = page.getByRole('region', { name: 'List of units' })
      await eventually(async () => (await tableIn(list)).length, count)
      expect(new Set((await tableIn(list)).map(([, why]) => why))).toEqual(new Set([reason]))
      await page.getByRole('searchbox', { name: 'Text' }).fill('nothing has this name')
      await eventually(() => page.getByText(`0 of ${skipped.length} shown`).count(), 1)
    })

    it('shows the starts of results, from the arm that one follows', async () => {
      const page = await openCompare()
      await page.getByRole('link', { name: 'What was applied' }).last().click()
      const choice = page.getByRole('combobox', { name: 'Start' })
      await choice.waitFor()
      expect((await choice.locator('option:checked').innerText()).trim()).toBe('short, run 3')
      expect(await choice.locator('option').count()).toBe(6)
    })
  })

  describe('Profile', () => {
    it('counts what inspect counts, and searches in it', async () => {
      const { counts, modules, functions, routes } = files.inspected
      const page = await open('profile', files.profile)
      await page.getByText(`${formatCount(counts.modules)} modules.`).waitFor()
      await page.getByRole('searchbox', { name: 'Search' }).fill('express')
      const found = modules.filter(({ id }) => id.includes('express')).length
      await eventually(async () => {
        const names = await page
          .getByRole('group', { name: 'When' })
          .getByRole('button')
          .allInnerTexts()
        return names.reduce((sum, name) => sum + Number(/\((\d+)\)/.exec(name)?.[1]), 0)
      }, found)

      await page.getByRole('tab', { name: 'Modules' }).press('ArrowRight')
      await eventually(() => selectedTab(page), 'Functions')
      await page.getByText(`${formatCount(counts.functions)} were sampled`).waitFor()
      const wanted = functions[0]?.name ?? ''
      await page.getByRole('searchbox', { name: 'Search' }).fill(wanted)
      await eventually(() => paramsOf(page)['q'], wanted)
      const table = page.getByRole('region', { name: 'Table of the functions' })
      await eventually(
        async () =>
          (await tableIn(table)).every(([name, , , , place]) =>
            `${name ?? ''} ${place ?? ''}`.toLowerCase().includes(wanted.toLowerCase()),
          ),
        true,
      )
      expect((await tableIn(table)).length).toBeGreaterThan(0)

      await page.getByRole('tab', { name: 'Functions' }).press('ArrowRight')
      await eventually(() => selectedTab(page), 'Routes')
      const listed = await tableIn(page.getByRole('region', { name: 'Table of the routes' }))
      expect(listed.map(([name]) => name).sort()).toEqual(
        routes.map(({ method, route }) => `${method} ${route}`).sort(),
      )
      await page.getByRole('tab', { name: 'Routes' }).press('End')
      await eventually(() => selectedTab(page), 'Diff')
      await page.getByRole('tab', { name: 'Diff' }).press('ArrowRight')
      await eventually(() => selectedTab(page), 'Modules')
    })

    it('compares two profiles', async () => {
      const page = await open('profile', files.profile, '&tab=diff')
      await page.getByRole('combobox', { name: 'Other profile' }).selectOption(files.otherProfile)
      const table = page.getByRole('region', { name: 'Counts of changes' })
      await table.waitFor()
      const before = new Set(files.inspected.modules.map(({ id }) => id))
      const after = new Set(files.otherInspected.modules.map(({ id }) => id))
      const header = await table.locator('thead th').allInnerTexts()
      const [modules = []] = await tableIn(table)
      const shown = Object.fromEntries(header.map((name, index) => [name, modules[index]]))
      expect(shown).toMatchObject({
        added: formatCount([...after].filter((id) => !before.has(id)).length),
        removed: formatCount([...before].filter((id) => !after.has(id)).length),
        changed: '0',
        kept: formatCount([...after].filter((id) => before.has(id)).length),
      })
    })

    it('gives its samples to other tools', async () => {
      const page = await open('profile', files.profile)
      const take = (name: string): Promise<Buffer> => saved(page, page.getByRole('link', { name }))
      const cpu = JSON.parse((await take('.cpuprofile')).toString()) as {
        readonly nodes: readonly unknown[]
      }
      const timed = files.inspected.functions.filter(({ selfMs }) => selfMs > 0)
      expect(timed.length).toBeGreaterThan(10)
      // And the root.
      expect(cpu.nodes).toHaveLength(timed.length + 1)
      const speedscope = JSON.parse((await take('speedscope')).toString()) as Readonly<
        Record<string, unknown>
      >
      expect(speedscope['$schema']).toContain('speedscope')
      const pprof = gunzipSync(await take('pprof')).toString('latin1')
      expect(pprof).toContain(timed.find(({ name }) => name !== '')?.name)
    })
  })

  describe('Live', () => {
    it('follows starts as they happen, and draws one beside the other', async () => {
      const page = await browser.open(`${dashboard.url}#/live`)
      const cards = page.locator('article.process')
      // The start that the files were made with.
      await eventually(() => cards.count(), 1)
      const profile = path.join(files.folder, files.profile)
      const started = (args: readonly string[]): Promise<Service> =>
        startService(process.execPath, [
          ...[cli, 'run', ...args, '--live', files.folder, '--report', 'off'],
          ...['--', process.execPath, shopServer],
        ])
      const first = await started(['-p', profile, '--budget', '300ms', '--state-dir', '/nowhere'])
      await eventually(() => cards.count(), 2)
      await eventually(() => cards.first().locator('.badge').innerText(), 'open')
      const chart = page.locator('curve-chart')
      const pointsOf = async (index: number): Promise<number> =>
        (await seriesOf(chart))[index]?.points.length ?? 0
      const seenAfter = async (service: Service, points: number): Promise<void> => {
        await eventually(async () => {
          await get(`${service.url}${service.url.endsWith('/') ? '' : '/'}health`).catch(() => '')
          return (await pointsOf(0)) > points
        }, true)
      }
      await seenAfter(first, 0)
      await seenAfter(first, await pointsOf(0))
      const second = await started(['-p', profile, '--mode', 'off'])
      await eventually(() => cards.count(), 3)
      await eventually(
        async () => (await cards.first().locator('h3').innerText()).startsWith('off'),
        true,
      )
      await seenAfter(second, 0)
      expect(await pointsOf(1)).toBeGreaterThan(1)
      await eventually(() => inkOf(chart), true)
      await Promise.all([first.stop(), second.stop()])
      await eventually(() => page.locator('.badge', { hasText: /^ended/ }).count(), 3)
    })
  })

  describe('files that are given to it', () => {
    it('are shown in the view that is theirs', async () => {
      const page = await open('profile', files.profile)
      const results = path.join(files.folder, files.results)
      await page.locator('file-drop input').setInputFiles(results)
      await page.locator('.verdict').waitFor()
      expect(page.url()).toContain('#/compare?file=')
      expect(paramsOf(page)['file']).not.toBe(ids[files.results])
    })

    it('are refused with a code and a hint when they are broken', async () => {
      const page = await open('profile', files.profile)
      await page.locator('file-drop input').setInputFiles({
        name: 'broken.prewarm',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from('this is no profile'),
      })
      const alert = page.getByRole('alert')
      await eventually(async () => /ERR_PREWARM_\w+/.test(await alert.innerText()), true)
      expect((await alert.innerText()).split('\n').filter(Boolean).length).toBeGreaterThan(2)
      await page.getByRole('button', { name: 'Close' }).click()
      await eventually(() => alert.count(), 0)
      // The browser says that by itself.
      expect(browser.troubles.splice(0).join('\n')).toMatch(/^Failed to load resource:.*\b4\d\d\b/)
    })

    it('may be none yet: then it says how to get some, and waits for services all the same', async () => {
      const empty = path.join(scratch, 'empty')
      mkdirSync(empty)
      const service = await serve(empty)
      const page = await browser.open(service.url)
      await page.getByRole('heading', { name: 'Nothing has been measured here yet' }).waitFor()
      expect(await page.getByText('prewarm compare -p').count()).toBe(1)
      expect(await violationsIn(page)).toEqual([])
      await page.getByRole('link', { name: 'Live' }).click()
      await page.getByText('No running service tells of itself yet').waitFor()
      expect(await violationsIn(page)).toEqual([])
      // Else the page finds its stream broken.
      await browser.clear()
      await service.stop()
    })
  })

  describe('a report that is saved as one file', () => {
    it('shows the same without a server', async () => {
      const html = path.join(scratch, 'report.html')
      const results = path.join(files.folder, files.results)
      const { code, stderr } = await prewarm([
        'compare',
        '--from',
        results,
        '--export',
        `html=${html}`,
      ])
      expect([code, stderr]).toEqual([0, ''])
      const page = await browser.open(pathToFileURL(html).href)
      const chart = chartIn(page)
      await chart.waitFor()
      expect((await page.locator('.verdict p').allInnerTexts()).join('\n')).toBe(
        files.compared.verdict,
      )
      await eventually(
        async () => (await seriesOf(chart)).map(({ name, points }) => [name, points.length]),
        files.compared.arms.map(({ name }) => [name, files.compared.rounds]),
      )
      await eventually(() => inkOf(chart), true)
      expect(await violationsIn(page)).toEqual([])
      await page.getByRole('link', { name: 'Replay' }).click()
      await page.getByRole('region', { name: 'Table of the stages' }).waitFor()
      expect(await page.getByRole('link', { name: 'Live' }).count()).toBe(0)
    })
  })

  describe('Start', () => {
    it('tells phases, what to change, what is not called, packages and modules', async () => {
      const page = await open('start', startFile)
      const phases = await tableIn(page.getByRole('region', { name: 'Table of the phases' }))
      expect(phases).toEqual([
        ['Node.js starts', '30.0 ms', '30.0%'],
        ['the trace itself', '10.0 ms', '10.0%'],
        ['top levels of modules', '60.0 ms', '60.0%'],
      ])
      const advice = page.getByRole('region', { name: 'What could be changed' })
      expect(await advice.locator('.title').allInnerTexts()).toEqual(
        startReport.advice.map(({ title }) => title),
      )
      const lazy = await tableIn(page.getByRole('region', { name: 'Packages that are not called' }))
      expect(lazy).toEqual([['heavy@1.0.0', 'all 1 of 1', '1', '100 B', '10.0 ms']])
      const packages = page.getByRole('region', { name: 'Packages by what loading them took' })
      expect((await tableIn(packages)).map(([name]) => name)).toEqual([
        '(application)',
        'heavy@1.0.0',
      ])
    })

    it('opens and closes modules by keyboard, and finds one', async () => {
      const page = await open('start', startFile)
      const modules = page.getByRole('region', { name: /^Modules in the order/ })
      const names = async (): Promise<readonly (string | undefined)[]> =>
        (await tableIn(modules)).map(([name]) => name?.replace(/^[▾▸]\s*/, ''))
      await eventually(names, ['app.js', 'heavy@1.0.0/index.js'])
      await modules.getByRole('button', { name: /^app\.js/ }).focus()
      await page.keyboard.press('Enter')
      await eventually(names, ['app.js'])
      await page.getByLabel('Modules with').fill('HEAVY')
      await eventually(names, ['heavy@1.0.0/index.js'])
      await eventually(() => paramsOf(page)['q'], 'HEAVY')
    })
  })

  describe('for everybody', () => {
    const views = {
      Compare: () => addressOf('compare', files.results),
      'Compare of one route': () =>
        addressOf('compare', files.results, '&scale=log&from=1&to=10&off=1'),
      Replay: () => addressOf('replay', files.report),
      Modules: () => addressOf('profile', files.profile),
      'Modules by size': () => addressOf('profile', files.profile, '&show=treemap'),
      Functions: () => addressOf('profile', files.profile, '&tab=functions'),
      Routes: () => addressOf('profile', files.profile, '&tab=routes'),
      'One route': () => addressOf('profile', files.profile, '&tab=routes&route=0'),
      Freshness: () => addressOf('profile', files.profile, '&tab=freshness'),
      Diff: () =>
        addressOf('profile', files.profile, `&tab=diff&other=${ids[files.otherProfile] ?? ''}`),
      Start: () => addressOf('start', startFile),
      Live: () => `${dashboard.url}#/live`,
      'A file that is gone': () => `${dashboard.url}#/compare?file=gone`,
    }

    it.each(Object.entries(views))(
      '%s can be read in every colour and width',
      async (_name, address) => {
        const page = await browser.open(address())
        await settled(page)
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 900 })
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme })
            expect([width, colorScheme, await violationsIn(page)]).toEqual([width, colorScheme, []])
          }
          expect([width, await overflowOf(page)]).toEqual([width, 0])
        }
      },
    )
  })
})

function chartIn(page: Page): Locator {
  return page.locator('compare-curves curve-chart')
}

interface ChartProperties {
  readonly series: readonly Series[]
  readonly range: unknown
  readonly off: unknown
  readonly axis: unknown
  readonly logarithmic: unknown
}

function propertyOf<Name extends keyof ChartProperties>(
  chart: Locator,
  name: Name,
): Promise<ChartProperties[Name]> {
  const read = chart.evaluate(
    (element, property: string) => (element as unknown as Record<string, unknown>)[property],
    name,
  )
  return read as Promise<ChartProperties[Name]>
}

function seriesOf(chart: Locator): Promise<readonly Series[]> {
  return propertyOf(chart, 'series')
}

function seriesLoaded(chart: Locator): Promise<void> {
  return eventually(async () => (await seriesOf(chart)).length > 0, true)
}

/** Whether something is drawn on the canvas. */
function inkOf(chart: Locator): Promise<boolean> {
  return chart.locator('canvas').evaluate((element) => {
    const canvas = element as unknown as {
      readonly width: number
      readonly height: number
      getContext(kind: '2d'): {
        getImageData(
          x: number,
          y: number,
          width: number,
          height: number,
        ): {
          readonly data: Uint8ClampedArray
        }
      }
    }
    const { width, height } = canvas
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
    return data.filter((value, index) => index % 4 === 3 && value > 0).length > 2000
  })
}

function paramsOf(page: Page): Readonly<Record<string, string>> {
  const query = page.url().split('?')[1] ?? ''
  return Object.fromEntries(new URLSearchParams(query))
}

function backgroundOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
}

function selectedTab(page: Page): Promise<string> {
  return page.locator('[role=tab][aria-selected=true]').innerText()
}

/** Everything that the view loads has come. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await eventually(() => page.locator('loading-panel').count(), 0)
}
