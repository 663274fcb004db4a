import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry, Profile } from '../formats/profile.ts'
import {
  app,
  ask,
  cli,
  get,
  nodeLines,
  readProfile,
  replay,
  reportOf,
  scratchFolder,
  startService,
  until,
} from './harness.ts'

const folder = scratchFolder()

/** The ledger by the target of the request. */
function ledgerOf({ requests, ledger }: Profile): Record<string, Partial<LedgerEntry>> {
  return Object.fromEntries(
    ledger.map(({ route, exemplar, outcome, status, effects, note }) => [
      requests.routes[route]?.exemplars[exemplar]?.url ?? '',
      { outcome, status, effects, ...(note === '' ? {} : { note }) },
    ]),
  )
}

describe.each(nodeLines)('the trial at the end of a recording, Node %s', (line, node) => {
  const start = (
    name: string,
    env: NodeJS.ProcessEnv = {},
  ): { profile: string; service: ReturnType<typeof startService> } => {
    const profile = path.join(folder, `${name}-${line}.prewarm`)
    const args = [cli, 'record', '-o', profile, '--force', '--', node, app('tried.cjs')]
    return { profile, service: startService(process.execPath, args, env) }
  }

  it('asks everything once more before the service hears of the signal, and the replayer goes by it', async () => {
    const { profile, service } = start('tried')
    const staging = await service
    await ask(staging.url, ['/', '/broken', '/listen'], 1)
    await get(`${staging.url}/account`, { headers: { authorization: 'Bearer abcdef' } })
    expect(await staging.stop()).toBe(0)
    expect(staging.stdout()).toMatch(/closing\n$/)
    expect(ledgerOf(readProfile(profile))).toEqual({
      '/': { outcome: 'passed', status: 200, effects: [] },
      '/broken': { outcome: 'failed', status: null, effects: [] },
      '/listen': {
        outcome: 'observed',
        status: null,
        effects: [{ kind: 'process', access: 'write', target: 'listen 127.0.0.1:0' }],
      },
      '/account': { outcome: 'status-changed', status: 401, effects: [] },
    })
    const production = await replay(node, app('tried.cjs'), profile, { PREWARM_ROUNDS: '2' })
    const { rehearsal, skipped } = await reportOf(`${profile}.report.json`)
    await production.stop()
    expect(rehearsal.applied).toBe(1)
    expect(skipped).toEqual([
      { unit: 'GET /broken', reason: 'REQUEST_FAILED', detail: 'when it was tried in staging' },
      {
        unit: 'GET /listen',
        reason: 'EFFECT_REFUSED',
        detail: 'process write listen 127.0.0.1:0',
      },
      {
        unit: 'GET /account',
        reason: 'STATUS_CHANGED',
        detail: '401 instead of 200 when it was tried in staging',
      },
    ])
  })

  it('ends with a second signal, and what was not reached is untried', async () => {
    const { profile, service } = start('hurried', { PREWARM_TRIAL: '60s' })
    const staging = await service
    const paths = Array.from({ length: 12 }, (_, index) => `/silent?${index}`)
    await ask(staging.url, paths, 1)
    staging.child.kill('SIGTERM')
    await until(() => staging.stdout().includes('silent'))
    expect(await staging.stop()).toBe(0)
    const outcomes = readProfile(profile).ledger.map(({ outcome }) => outcome)
    expect(outcomes).toHaveLength(12)
    // Nothing went over a raw socket meanwhile, so that nothing is unknown.
    expect(outcomes.at(-1)).toBe('observed')
    expect(staging.stdout()).toMatch(/closing\n$/)
  })

  it('can be left out', async () => {
    const { profile, service } = start('left-out', { PREWARM_TRIAL: '0' })
    const staging = await service
    await ask(staging.url, ['/', '/silent'], 1)
    expect(await staging.stop()).toBe(0)
    expect(staging.stdout()).not.toContain('silent')
    expect(ledgerOf(readProfile(profile))).toEqual({
      '/': { outcome: 'observed', status: null, effects: [] },
      '/silent': { outcome: 'observed', status: null, effects: [] },
    })
  })
})
