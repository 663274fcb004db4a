/**
 * How fast the dashboard's page is with much to show: bytes, time until the verdict and the first chart are painted, a zoom, and
 * frames while the pointer moves over the chart; in Chromium, on made-up results.
 * Usage: npm run page-speed -- [--arms 10] [--runs 10] [--rounds 1000] [--loads 5] [--json]
 * --loads: how often it is loaded, each time by a new browser profile from a server that has just been started.
 */
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { machines, simulateRounds } from './calibrate/simulated-runs.mjs'
import { launchChromium } from './chromium.mjs'
import { cli, root, run, startService } from './shop.mjs'

const { values } = parseArgs({
  options: {
    arms: { type: 'string', default: '10' },
    runs: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '1000' },
    loads: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})
const arms = Number(values.arms)
const runs = Number(values.runs)
const rounds = Number(values.rounds)
const loads = Number(values.loads)

await run('npm', ['run', 'build', '--silent'], { cwd: root })
const { formatPlan, formatRun } = await import('../dist/formats/results.js')
const { seededRandom } = await import('../dist/dashboard/analysis/seeded-random.js')
const { quantileOfSorted } = await import('../dist/dashboard/analysis/quantile.js')
const { formatBytes, formatMs } = await import('../dist/dashboard/analysis/units.js')

const folder = mkdtempSync(path.join(os.tmpdir(), 'prewarm-page-speed-'))
const browser = await launchChromium()
try {
  const file = path.join(folder, 'many.results.jsonl')
  writeResults(file)
  const first = []
  const again = []
  let rest
  for (let load = 0; load < loads; load++) {
    const dashboard = await startService(process.execPath, [cli, 'dashboard', file, '--port', '0'])
    first.push(await loadPage(dashboard.url))
    const page = await openPage(dashboard.url)
    again.push(await interactiveMs(page))
    rest ??= { zoomMs: await page.evaluate(zoom), frameMs: await page.evaluate(hover) }
    await page.context().close()
    await dashboard.stop()
  }
  const frames = rest.frameMs.sort((a, b) => a - b)
  const figures = {
    results: { arms, runs, rounds, bytes: statSync(file).size },
    pageBytes: first[0].pageBytes,
    dataBytes: first[0].dataBytes,
    interactiveMs: median(first.map(({ ms }) => ms)),
    interactiveAgainMs: median(again),
    zoomMs: rest.zoomMs,
    frameP50Ms: quantileOfSorted(frames, 0.5),
    frameP95Ms: quantileOfSorted(frames, 0.95),
    longestFrameMs: frames.at(-1),
  }
  process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : tableOf(figures))
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Arms that fade out of their first rounds at different speeds. */
function writeResults(file) {
  const random = seededRandom(1)
  const names = Array.from({ length: arms }, (_, index) => (index === 0 ? 'cold' : `arm-${index}`))
  const requests = Array.from({ length: 8 }, (_, index) => ({
    route: `GET /items/${index}`,
    method: 'GET',
    path: `/items/${index}`,
    recordedStatus: 200,
  }))
  const plan = {
    type: 'prewarm-results',
    schemaVersion: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    prewarm: '0.1.0',
    command: ['node', 'app.js'],
    runs,
    rounds,
    seed: 1,
    against: null,
    load: { kind: 'closed', ratePerSecond: null },
    requests,
    alsoRehearsed: 0,
    arms: names.map((name) => ({ name, kind: 'cold', mayStayCold: 'yes', setting: '' })),
    profile: null,
    machine: { platform: 'linux', arch: 'x64', cpu: 'made up', cores: 2, memoryBytes: 2 ** 33 },
    notes: [],
  }
  writeFileSync(file, formatPlan(plan))
  for (let number = 1; number <= runs; number++) {
    for (const [index, arm] of names.entries()) {
      const height = 30 / (index + 1)
      const levelOf = (round) => 1 + height * Math.exp(-round / 20)
      const level = simulateRounds(random, rounds, levelOf, machines.usual)
      const latenciesMs = Float64Array.from(
        { length: rounds * requests.length },
        (_, at) => level[Math.floor(at / requests.length)] * (0.5 + (at % requests.length) / 8),
      )
      const line = {
        arm,
        run: number,
        at: plan.createdAt,
        node: process.version,
        timeToListenMs: 300 + 20 * random(),
        cpuMs: 2000 + 100 * random(),
        rssBytes: 1e8,
        load1: 1,
        sendDelayP99Ms: null,
        latenciesMs,
        statuses: new Uint16Array(latenciesMs.length).fill(200),
        report: null,
      }
      appendFileSync(file, formatRun(line))
    }
  }
}

async function loadPage(url) {
  const page = await openPage(url)
  const ms = await interactiveMs(page)
  // What is further down the page keeps the server busy for a while.
  await page.waitForLoadState('networkidle')
  const bytes = await page.evaluate(() =>
    [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ].map(({ name, encodedBodySize }) => ({ isData: name.includes('/api/'), encodedBodySize })),
  )
  await page.context().close()
  const sum = (isData) =>
    bytes
      .filter((each) => each.isData === isData)
      .reduce((total, { encodedBodySize }) => total + encodedBodySize, 0)
  return { ms, pageBytes: sum(false), dataBytes: sum(true) }
}

async function openPage(url) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.addInitScript(watchForPaint)
  await page.goto(url)
  return page
}

/** ms since the navigation began. */
async function interactiveMs(page) {
  const handle = await page.waitForFunction(() => globalThis.paintedAtMs, null, {
    timeout: 120_000,
  })
  return handle.jsonValue()
}

// What follows runs in the page.

/** Looks in every frame whether the verdict is there and lines cross the middle of the first chart. */
function watchForPaint() {
  const isPainted = () => {
    const view = document.querySelector('prewarm-app')?.shadowRoot?.querySelector('compare-view')
    const chart = view?.shadowRoot
      ?.querySelector('compare-curves')
      ?.shadowRoot?.querySelector('curve-chart')
    const canvas = chart?.shadowRoot?.querySelector('canvas')
    if (!view?.shadowRoot?.querySelector('.verdict p') || !canvas || canvas.width === 0)
      return false
    const column = canvas
      .getContext('2d')
      .getImageData(Math.floor(canvas.width / 2), 0, 1, canvas.height)
    return column.data.some((value) => value > 0)
  }
  const look = () => {
    if (!isPainted()) return requestAnimationFrame(look)
    globalThis.curveChart = document
      .querySelector('prewarm-app')
      .shadowRoot.querySelector('compare-view')
      .shadowRoot.querySelector('compare-curves')
      .shadowRoot.querySelector('curve-chart')
    // After this frame.
    setTimeout(() => {
      globalThis.paintedAtMs = performance.now()
    })
  }
  requestAnimationFrame(look)
}

/** From the key until the frame with the smaller range is done, ms. */
function zoom() {
  const chart = globalThis.curveChart
  const from = performance.now()
  chart.shadowRoot
    .querySelector('.plot')
    .dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true, composed: true }))
  return new Promise((resolve) => {
    const look = () => {
      if (chart.range === null) requestAnimationFrame(look)
      else setTimeout(() => resolve(performance.now() - from))
    }
    requestAnimationFrame(look)
  })
}

/** The pointer moves once a frame; from frame to frame, ms. */
async function hover() {
  const plot = globalThis.curveChart.shadowRoot.querySelector('.plot')
  const { left, top, width } = plot.getBoundingClientRect()
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const frames = []
  let last = await nextFrame()
  for (let step = 0; step < 120; step++) {
    const clientX = left + width * (0.1 + (0.8 * step) / 120)
    plot.dispatchEvent(
      new PointerEvent('pointermove', {
        clientX,
        clientY: top + 60,
        bubbles: true,
        composed: true,
      }),
    )
    const now = await nextFrame()
    frames.push(now - last)
    last = now
  }
  return frames
}

function median(list) {
  return quantileOfSorted(
    [...list].sort((a, b) => a - b),
    0.5,
  )
}

function tableOf(figures) {
  const { results } = figures
  const rows = [
    ['page, as sent', formatBytes(figures.pageBytes)],
    ['data of the first view, as sent', formatBytes(figures.dataBytes)],
    ['interactive, server just started', formatMs(figures.interactiveMs)],
    ['interactive, server has the figures', formatMs(figures.interactiveAgainMs)],
    ['one zoom', formatMs(figures.zoomMs)],
    ['frame while hovering, p50', formatMs(figures.frameP50Ms)],
    ['frame while hovering, p95', formatMs(figures.frameP95Ms)],
    ['longest frame', formatMs(figures.longestFrameMs)],
  ]
  const head = `${results.arms} arms, ${results.runs} runs, ${results.rounds} rounds of 8 requests, ${formatBytes(results.bytes)}; medians of ${loads} loads`
  return `${head}\n\n${rows.map(([name, value]) => `${name.padEnd(38)}${value.padStart(10)}\n`).join('')}`
}
