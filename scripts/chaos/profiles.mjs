/** Profiles that are damaged, and profiles that lie: right hashes, wrong content. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { decodeProfile, encodeProfile } from '../../dist/formats/codec.js'
import { Place } from './place.mjs'

/** V8 checks so much of a code cache; what follows it takes on trust. */
const headerBytes = 48

const read = ({ recorded }) => readFileSync(recorded)

function withCaches(chaos, damage) {
  const profile = decodeProfile(read(chaos))
  const codecache = Uint8Array.from(profile.codecache)
  let offset = 0
  for (const { cacheBytes } of profile.modules) {
    if (cacheBytes > 0) damage(codecache.subarray(offset, offset + cacheBytes))
    offset += cacheBytes
  }
  return encodeProfile({ ...profile, codecache })
}

function withExemplars(chaos, change) {
  const profile = decodeProfile(read(chaos))
  const routes = profile.requests.routes.map((route) => ({
    ...route,
    exemplars: route.exemplars.map((each) => ({ ...each, ...change(each) })),
  }))
  return encodeProfile({ ...profile, requests: { ...profile.requests, routes } })
}

/** Started until it serves, which takes three starts at most: V8 refuses the caches, or the process dies of them and the guard does. */
async function survives(chaos, name, content) {
  const place = new Place(chaos, name, content)
  let deaths = 0
  while (deaths < 3 && (await place.dies())) deaths++
  place.expect(deaths === 0 || deaths === 2, `served after ${deaths} deaths`)
  if (deaths === 0) {
    const report = await place.check('applied', null)
    place.facts = { rejected: report?.codeCache.skipped, applied: report?.codeCache.applied }
    return place
  }
  await place.check('cold', 'CRASH_LOOP')
  place.facts = { deaths }
  return place
}

async function cold(chaos, name, reason, content) {
  const place = new Place(chaos, name, content)
  await place.check('cold', reason)
  place.expect(place.markers().length === 0, 'a marker is left behind')
  return place
}

/** Requests that cannot be rehearsed as recorded: said so, and nothing else comes of it. */
async function lies(chaos, name, reason, change, env = {}) {
  const place = new Place(chaos, name, withExemplars(chaos, change))
  const started = await place.start({ PREWARM_BUDGET: '2s', PREWARM_ALLOW: 'unknown', ...env })
  const report = await started.report()
  place.facts = { rehearsal: report?.rehearsal }
  place.expect(
    report?.outcome === 'applied' && report.rehearsal.skipped[reason] > 0,
    `${reason} was expected: ${JSON.stringify(report?.rehearsal)}`,
  )
  await place.ask(started, 35)
  const over = await started.reportThat(
    ({ guard }) => guard.state === 'over' || guard.state === 'off',
  )
  place.expect(over?.guard.verdicts.length === 0, `verdicts: ${JSON.stringify(over?.guard)}`)
  place.expect((await started.stop()) === 0, 'it did not end in order')
  place.expect(started.stderr() === '', `said ${started.stderr().slice(0, 200)}`)
  await place.check('applied', null, { PREWARM_BUDGET: '2s' })
  return place
}

export const profileCases = {
  'caches of noise': (chaos) =>
    survives(
      chaos,
      'noise',
      withCaches(chaos, (cache) => cache.fill(0xff, headerBytes)),
    ),
  'caches with other heads': (chaos) =>
    survives(
      chaos,
      'heads',
      withCaches(chaos, (cache) => cache.fill(0xff, 0, headerBytes)),
    ),
  'caches of nothing': (chaos) =>
    survives(
      chaos,
      'zeros',
      withCaches(chaos, (cache) => cache.fill(0)),
    ),
  'caches whose second half is the first': (chaos) =>
    survives(
      chaos,
      'halves',
      withCaches(chaos, (cache) => cache.copyWithin(cache.length >> 1, headerBytes)),
    ),
  'a truncated file': (chaos) =>
    cold(chaos, 'truncated', 'PROFILE_CORRUPT', read(chaos).subarray(0, -999)),
  'another version': (chaos) =>
    cold(chaos, 'version', 'PROFILE_VERSION', Buffer.from(read(chaos)).fill(9, 8, 9)),
  garbage: (chaos) => cold(chaos, 'garbage', 'PROFILE_CORRUPT', Buffer.alloc(100_000, 'garbage')),
  async 'a pipe for a profile'(chaos) {
    const place = new Place(chaos, 'pipe')
    rmSync(place.profile)
    execFileSync('mkfifo', [place.profile])
    await place.check('cold', 'NO_PROFILE')
    return place
  },
  'requests for what is not there': (chaos) =>
    lies(chaos, 'missing', 'STATUS_CHANGED', () => ({ url: '/missing' })),
  'requests with other statuses': (chaos) =>
    lies(chaos, 'statuses', 'STATUS_CHANGED', () => ({ status: 503 })),
  'requests that hang': (chaos) =>
    lies(chaos, 'hanging', 'TIMED_OUT', () => ({ url: '/hang' }), { PREWARM_BUDGET: '8s' }),
}
