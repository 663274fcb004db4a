import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { diskCases } from './disks.mjs'
import { recordService } from './place.mjs'
import { profileCases } from './profiles.mjs'
import { startCases } from './starts.mjs'
import { trafficCases } from './traffic.mjs'

const groups = {
  starts: startCases,
  profiles: profileCases,
  traffic: trafficCases,
  disks: diskCases,
}
export const caseGroups = Object.fromEntries(
  Object.entries(groups).map(([name, cases]) => [name, Object.keys(cases)]),
)

/**
 * @typedef {{ name: string, problems: string[], facts: Record<string, unknown>, skipped?: string, ms: number }} Result
 *
 * @param {string} node binary
 * @param {string} folder
 * @param {readonly string[]} wanted groups, or cases by their names
 * @param {(result: Result) => void} onResult
 */
export async function runChaos(node, folder, wanted, onResult) {
  mkdirSync(folder, { recursive: true })
  const recorded = path.join(folder, 'recorded.prewarm')
  await recordService(node, recorded)
  for (const [group, cases] of Object.entries(groups)) {
    for (const [name, run] of Object.entries(cases)) {
      if (!wanted.includes(group) && !wanted.includes(name)) continue
      const start = performance.now()
      const result = await run({ node, folder, recorded }).catch((error) => ({
        problems: [error.stack],
        facts: {},
      }))
      const { problems, facts, skipped } = result
      onResult({ name, problems, facts, skipped, ms: Math.round(performance.now() - start) })
    }
  }
}
