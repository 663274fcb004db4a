/**
 * Pictures of the dashboard for the documentation, docs/images/dashboard-*.png, of samples/shop: recorded, compared, and started twice
 * while one looks on. Takes some minutes; with --reuse the files are those of `npm run demo`, where they are there.
 * Usage: npm run screenshots -- [--node 24] [--runs 5] [--rounds 200] [--requests 4000] [--reuse]
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { launchChromium } from './chromium.mjs'
import { nodeOfLine } from './node-lines.mjs'
import { cli, recordShop, root, run, shop, startService } from './shop.mjs'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: '24' },
    runs: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '200' },
    requests: { type: 'string', default: '4000' },
    reuse: { type: 'boolean', default: false },
  },
})

const say = (text) => process.stderr.write(`${text}\n`)

// No path of this machine is to be seen: all is started from the repository, and `node` is found by its name.
process.chdir(root)
const node = nodeOfLine(values.node)
process.env.PATH = [path.dirname(node), process.env.PATH].join(path.delimiter)
const server = path.join('samples', 'shop', 'server.js')

const folder = '.demo'
const profile = path.join(folder, `shop-${values.node}.prewarm`)
const results = path.join(folder, `shop-${values.node}.results.jsonl`)
const images = path.join('docs', 'images')
mkdirSync(folder, { recursive: true })
mkdirSync(images, { recursive: true })

say('1/4 building')
await run('npm', ['run', 'build', '--silent'])

if (values.reuse && existsSync(profile) && existsSync(results)) {
  say(`2/4 ${results} is there`)
} else {
  say(`2/4 recording samples/shop, then comparing ${values.runs} fresh processes an arm`)
  say(`    ${await recordShop(node, profile, values.requests)}`)
  await run(
    process.execPath,
    [
      ...[cli, 'compare', '-p', profile, '--runs', values.runs, '--rounds', values.rounds],
      ...['--rehearse', 'POST /graphql', '--save', results, '--force', '--', 'node', server],
    ],
    { env: { ...process.env, NODE_ENV: 'production', PORT: '0' }, stdio: ['ignore', 'ignore', 2] },
  )
}

for (const name of readdirSync(folder).filter((each) => each.endsWith('.live.jsonl'))) {
  rmSync(path.join(folder, name))
}
say('3/4 two starts under traffic: cold, and with prewarm')
const services = [await startWatched(['--mode', 'off'])]
services.push(await startWatched(['--rehearse', 'POST /graphql']))

say('4/4 pictures')
const dashboard = await startService(process.execPath, [
  ...[cli, 'dashboard', folder, '--port', '0', '--app', shop],
])
const browser = await launchChromium()
try {
  const { files } = await (await fetch(new URL('api/files', dashboard.url))).json()
  const of = (file) => `?file=${files.find(({ name }) => name === path.basename(file)).id}`
  const compare = {
    name: 'compare',
    hash: `#/compare${of(results)}&scale=log&from=1&to=10`,
    seen: 'compare-curves canvas',
  }
  const pages = [
    { ...compare, height: 1180 },
    { name: 'replay', hash: `#/replay${of(results)}`, seen: '#timeline', height: 1100 },
    { name: 'profile', hash: `#/profile${of(profile)}&show=treemap`, seen: 'svg', height: 1000 },
    { name: 'live', hash: '#/live', seen: 'article.process >> nth=1', height: 1200 },
    { ...compare, name: 'compare-narrow', width: 390, height: 1400 },
  ]
  for (const colorScheme of ['light', 'dark']) {
    for (const page of pages) await take(page, colorScheme)
  }
} finally {
  await browser.close()
  await dashboard.stop()
  for (const service of services) await service.stop()
}

/** A start that tells the folder what it does, and has answered the traffic of the sample. */
async function startWatched(options) {
  const service = await startService(process.execPath, [
    ...[cli, 'run', '-p', profile, ...options, '--live', folder, '--report', 'off'],
    ...['--state-dir', path.join(folder, 'none'), '--', 'node', server],
  ])
  const traffic = ['--url', service.url, '--requests', values.requests]
  await run(process.execPath, [path.join(shop, 'traffic.js'), ...traffic])
  return service
}

async function take({ name, hash, seen, width = 1280, height }, colorScheme) {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  await page.goto(dashboard.url + hash)
  await page.locator(seen).first().waitFor()
  await page.waitForFunction(() => document.fonts.status === 'loaded')
  // Charts take their size, and then are drawn.
  await page.waitForTimeout(1000)
  const file = path.join(images, `dashboard-${name}-${colorScheme}.png`)
  await page.screenshot({ path: file, animations: 'disabled' })
  say(`    ${file}, ${(statSync(file).size / 1024).toFixed(0)} KiB`)
  await page.close()
}
