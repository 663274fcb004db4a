/** Starts that are ended, or end themselves, at the wrong moment; folders that are shared; clocks that cannot be trusted. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { holds, Place, replayer, service } from './place.mjs'

/** Killed twice at one moment of the start: the third is cold and serves; clearing gives the profile back. */
async function killedTwice(chaos, name, moment) {
  const place = new Place(chaos, name)
  for (let time = 0; time < 2; time++) await moment(place)
  const status = await place.guard('status')
  place.expect(status.includes('CRASH_LOOP'), `guard status says ${status.slice(0, 200)}`)
  place.expect(status.includes('prewarm guard clear'), 'guard status does not say how to clear')
  await place.check('cold', 'CRASH_LOOP')
  place.expect((await place.guard('clear')).includes('CRASH_LOOP'), 'nothing was cleared')
  await place.check('applied', null)
  place.expect(place.markers().length === 0, `left behind: ${place.markers()}`)
  return place
}

/** Spawned without waiting for its port. */
function spawnService(place, env = {}) {
  const all = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: '0',
    ...place.env,
    PREWARM_REPORT: 'off',
  }
  return spawn(place.node, ['--import', replayer, service], {
    env: { ...all, ...env },
    stdio: 'ignore',
  })
}

async function kill(child) {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Before or after it has opened: that depends on the machine, and comes to the same. */
async function abort(place) {
  const child = spawnService(place, { CHAOS_ABORT: '400' })
  const [, signal] = await once(child, 'exit')
  place.expect(signal === 'SIGABRT', `it ended by ${signal}`)
}

export const startCases = {
  'killed before it listens': (chaos) =>
    killedTwice(chaos, 'killed-before', async (place) => {
      const child = spawnService(place, { PREWARM_ROUNDS: '999999' })
      const before = place.markers()
      await holds(() => place.markers().some((each) => !before.includes(each)))
      await kill(child)
    }),

  'killed while it rehearses': (chaos) =>
    killedTwice(chaos, 'killed-rehearsing', async (place) => {
      const child = spawnService(place, { PREWARM_ROUNDS: '999999' })
      await pause(1000)
      await kill(child)
    }),

  'killed right after it has opened': (chaos) =>
    killedTwice(chaos, 'killed-open', async (place) => {
      const started = await place.start()
      await place.ask(started, 1)
      await started.stop('SIGKILL')
    }),

  async 'killed at random'(chaos) {
    const place = new Place(chaos, 'killed-random')
    const outcomes = []
    for (let time = 0; time < 8; time++) {
      const child = spawnService(place)
      await pause(Math.random() * 900)
      await kill(child)
      if (time % 2 === 0) continue
      const { inForce } = JSON.parse(await place.guard('status', '--json'))
      const isCold = inForce.some(({ reason }) => reason === 'CRASH_LOOP')
      const { outcome } =
        (await place.check(...(isCold ? ['cold', 'CRASH_LOOP'] : ['applied', null]))) ?? {}
      outcomes.push(outcome)
    }
    place.facts = { outcomes }
    return place
  },

  'aborted twice': (chaos) =>
    killedTwice(chaos, 'aborted', async (place) => {
      await abort(place)
    }),

  async 'aborted with the profile and healthy without it'(chaos) {
    const place = new Place(chaos, 'proven')
    await abort(place)
    await abort(place)
    const cold = await place.start({ CHAOS_ABORT: '400' })
    place.expect((await cold.report())?.reason === 'CRASH_LOOP', 'the third start is not cold')
    place.expect(await holds(() => place.markers().length === 0), 'it is not found healthy')
    await place.ask(cold, 2)
    await cold.stop()
    await abort(place)
    for (let time = 0; time < 2; time++)
      await place.check('cold', 'CRASH_LOOP', { CHAOS_ABORT: '400' })
    return place
  },

  async 'a cluster shares the state'(chaos) {
    const place = new Place(chaos, 'cluster')
    const started = await place.start({ CHAOS_WORKERS: '3', PREWARM_REPORT: 'off' })
    const [, pids] = /workers ([\d ]+) listening/.exec(started.stdout()) ?? []
    // What is under way in a worker that is killed is lost, so that every request comes on a connection of its own.
    const headers = { connection: 'close' }
    await place.ask(started, 5, { headers })
    place.expect(place.markers().length >= 3, `${place.markers().length} markers of 3 workers`)
    process.kill(Number(pids.split(' ')[0]), 'SIGKILL')
    await pause(300)
    await place.ask(started, 5, { headers })
    place.expect((await started.stop()) === 0, 'the primary did not end in order')
    // One worker was killed: one death, and no loop.
    await place.check('applied', null)
    const died = place.events().filter((each) => each === '"event":"died"').length
    place.expect(died === 1, `${died} deaths for one worker that was killed`)
    place.expect(place.markers().length === 0, `left behind: ${place.markers()}`)
    return place
  },

  async 'a clock that jumps'(chaos) {
    const place = new Place(chaos, 'clock')
    for (const hours of ['6', '-30']) {
      const started = await place.start({ CHAOS_CLOCK: hours }, ['clock.mjs'])
      place.expect((await started.report())?.outcome === 'applied', `cold with ${hours} hours`)
      await place.ask(started, 2)
      await started.stop('SIGKILL')
    }
    await place.check('cold', 'CRASH_LOOP', { CHAOS_CLOCK: '-100' }, ['clock.mjs'])
    await place.guard('clear')
    const started = await place.start({ CHAOS_CLOCK: '12' }, ['clock.mjs'])
    await place.ask(started, 35)
    const report = await started.reportThat(({ guard }) => guard.state === 'over')
    place.expect(report?.guard.verdicts.length === 0, `verdicts: ${JSON.stringify(report?.guard)}`)
    place.expect(await holds(() => place.markers().length === 0), 'it is not found healthy')
    await started.stop()
    return place
  },
}
