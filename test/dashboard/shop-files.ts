import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { CompareReport } from '../../formats/compare-report.ts'
import type { RunReport } from '../../formats/report.ts'
import { recordShop, shop } from '../../scripts/shop.mjs'
import { prewarm, replay, reportOf } from '../harness.ts'

/** The server of samples/shop, whose profiles these are. */
export const shopServer = path.join(shop, 'server.js')

/** What `prewarm inspect --json` says of a profile, as far as tests ask. */
export interface Inspected {
  readonly counts: { readonly modules: number; readonly functions: number; readonly routes: number }
  readonly modules: readonly { readonly id: string; readonly path: string }[]
  readonly functions: readonly { readonly name: string; readonly selfMs: number }[]
  readonly routes: readonly { readonly method: string; readonly route: string }[]
}

/** A folder as somebody has it who has tried prewarm on samples/shop, and what the command line says of its files. */
export interface ShopFiles {
  readonly folder: string
  /** Names in the folder. */
  readonly profile: string
  readonly otherProfile: string
  readonly results: string
  readonly report: string
  readonly compared: CompareReport
  readonly inspected: Inspected
  readonly otherInspected: Inspected
  readonly run: RunReport
}

/** Records, compares and starts samples/shop, for the dashboard to show. */
export async function makeShopFiles(folder: string): Promise<ShopFiles> {
  mkdirSync(folder)
  const profile = path.join(folder, 'shop.prewarm')
  const otherProfile = path.join(folder, 'other.prewarm')
  const results = path.join(folder, 'shop.results.jsonl')
  await recordShop(process.execPath, profile, 400)
  // None of these is about time.
  const [compared, run] = await Promise.all([
    compare(profile, results),
    startOnce(profile, folder),
    recordShop(process.execPath, otherProfile, 100),
  ])
  return {
    folder,
    profile: path.basename(profile),
    otherProfile: path.basename(otherProfile),
    results: path.basename(results),
    report: `${path.basename(profile)}.report.json`,
    compared,
    inspected: await inspect(profile),
    otherInspected: await inspect(otherProfile),
    run,
  }
}

async function compare(profile: string, results: string): Promise<CompareReport> {
  await json([
    ...['compare', '-p', profile, '--runs', '3', '--rounds', '40', '--budget', '500ms', '--json'],
    ...['--arm', 'short=PREWARM_BUDGET=100ms', '--save', results],
    ...['--', process.execPath, shopServer],
  ])
  // What is shown later may not be about this measurement alone.
  return (await json(['compare', '--from', results, '--json'])) as CompareReport
}

/** A budget that some requests find spent, so that not all is applied. */
async function startOnce(profile: string, live: string): Promise<RunReport> {
  const env = { PREWARM_BUDGET: '400ms', PREWARM_LIVE: live, PREWARM_WATCH: '0' }
  const service = await replay(process.execPath, shopServer, profile, env)
  const file = `${profile}.report.json`
  await reportOf(file)
  await service.stop()
  return JSON.parse(readFileSync(file, 'utf8')) as RunReport
}

async function inspect(profile: string): Promise<Inspected> {
  return (await json(['inspect', profile, '--json'])) as Inspected
}

async function json(args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await prewarm(args, { NODE_ENV: 'production', PORT: '0' })
  if (code !== 0) throw new Error(`prewarm ${args.join(' ')}: ${code}\n${stderr}`)
  return JSON.parse(stdout)
}
