/** Traffic that is not what staging has seen, and what the guard makes of it within one watch window. */
import { Place } from './place.mjs'

export const trafficCases = {
  async 'an honest profile'(chaos) {
    const place = new Place(chaos, 'honest')
    for (let time = 0; time < 2; time++) {
      const started = await place.start()
      await place.ask(started, 40)
      const report = await started.reportThat(({ guard }) => guard.state === 'over')
      place.expect(report?.outcome === 'applied', `it is ${report?.outcome}`)
      place.expect(
        report?.guard.verdicts.length === 0,
        `verdicts: ${JSON.stringify(report?.guard)}`,
      )
      place.facts = { tierUp: report?.tierUp, latency: report?.guard.latency }
      await started.stop()
    }
    return place
  },

  async 'shapes that staging has not seen'(chaos) {
    const place = new Place(chaos, 'shapes')
    const env = { PREWARM_WATCH: '8s', PREWARM_ROUNDS: '160' }
    const started = await place.start(env)
    const opened = await started.report()
    place.expect(
      opened?.tierUp.applied >= 5,
      `too little is optimised: ${JSON.stringify(opened?.tierUp)}`,
    )
    // So slow that V8 does not make a fall good before anybody looks.
    const kinds = ['b', 'c', 'd', 'e']
    await place.ask(started, 10, { kinds, pauseMs: 250 })
    const report = await started.reportThat(({ guard }) => guard.state === 'over')
    const verdicts = report?.guard.verdicts.map(({ reason }) => reason) ?? []
    place.facts = {
      optimised: opened?.tierUp.applied,
      tiers: { ...report?.guard.tiers, fallen: undefined },
      verdicts,
    }
    const isFound = verdicts.includes('TIER_UP_OFF') || verdicts.includes('QUARANTINED')
    place.expect(isFound, `verdicts: ${JSON.stringify(report?.guard)}`)
    await started.stop()
    const next = await place.check('applied', null, env)
    const { TIER_UP_OFF: off = 0, QUARANTINED: quarantined = 0 } = next?.tierUp.skipped ?? {}
    place.expect(off > 0 || quarantined > 0, `the next start: ${JSON.stringify(next?.tierUp)}`)
    return place
  },

  async 'a profile that does harm'(chaos) {
    const place = new Place(chaos, 'harmful')
    const started = await place.start({ CHAOS_HARM: '1', PREWARM_WATCH: '8s' })
    await place.ask(started, 40)
    const report = await started.reportThat(({ guard }) => guard.state === 'over')
    const [verdict] = report?.guard.verdicts ?? []
    place.expect(verdict?.reason === 'HARMFUL', `verdicts: ${JSON.stringify(report?.guard)}`)
    place.facts = { detail: verdict?.detail }
    await started.stop()
    await place.check('cold', 'HARMFUL', { CHAOS_HARM: '1' })
    await place.guard('clear')
    await place.check('applied', null)
    return place
  },
}
