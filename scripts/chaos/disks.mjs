/** Disks that are slow, full or read-only. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { Place } from './place.mjs'

/** Whether a process can have mounts of its own. */
const canMount = (() => {
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** A command in a mount namespace of its own, after `script`, whose `$1` is the folder. */
const mounted = (script, folder) => [
  'unshare',
  '-m',
  'sh',
  '-c',
  `folder=$1; shift; ${script} && exec "$@"`,
  'sh',
  folder,
]

const skipped = 'mounts need root: not shown here'

export const diskCases = {
  async 'a slow disk'(chaos) {
    const place = new Place(chaos, 'slow')
    await place.check('applied', null, {}, ['slow-disk.mjs'])
    place.expect(place.markers().length === 0, 'a marker is left behind')
    return place
  },

  async 'a full disk'(chaos) {
    const place = new Place(chaos, 'full')
    if (!canMount) return { ...place, skipped }
    const full = path.join(place.folder, 'full')
    mkdirSync(full)
    const fill =
      'mount -t tmpfs -o size=64k none "$folder" && head -c 99999 /dev/zero > "$folder/filler" 2>/dev/null || true'
    for (const env of [
      { PREWARM_STATE_DIR: full },
      { PREWARM_STATE_DIR: full, PREWARM_REPORT: path.join(full, 'r.json') },
    ]) {
      const started = await place.start(env, [], mounted(fill, full))
      await place.ask(started, 35)
      if (env.PREWARM_REPORT === undefined) {
        const report = await started.reportThat(({ guard }) => guard.trouble !== null)
        place.expect(report?.outcome === 'applied', `it is ${report?.outcome}`)
        place.facts = { trouble: report?.guard.trouble }
        place.expect(
          /ENOSPC|full/.test(report?.guard.trouble ?? ''),
          `trouble: ${report?.guard.trouble}`,
        )
      }
      place.expect((await started.stop()) === 0, 'it did not end in order')
      place.expect(started.stderr() === '', `said ${started.stderr().slice(0, 200)}`)
    }
    return place
  },

  async 'a read-only folder'(chaos) {
    const place = new Place(chaos, 'read-only')
    const isRoot = process.getuid?.() === 0
    if (isRoot && !canMount) return { ...place, skipped }
    const wrap = isRoot
      ? mounted(
          'mount --bind "$folder" "$folder" && mount -o remount,ro,bind "$folder"',
          place.folder,
        )
      : []
    const state = path.join(place.folder, '..', 'read-only-state')
    mkdirSync(state)
    const report = (name) => ({ PREWARM_REPORT: path.join(state, `${name}.json`) })
    if (!isRoot) chmodSync(place.folder, 0o555)
    try {
      for (let time = 0; time < 3; time++) {
        const started = await place.start(report(`without-${time}`), [], wrap)
        const { outcome, guard } = (await started.report()) ?? {}
        place.expect(
          outcome === 'applied' && guard.trouble !== null,
          `${outcome}, trouble: ${guard?.trouble}`,
        )
        await place.ask(started, 2)
        await started.stop('SIGKILL')
      }
      const env = { PREWARM_STATE_DIR: state }
      for (let time = 0; time < 2; time++) {
        const started = await place.start({ ...env, ...report(`with-${time}`) }, [], wrap)
        const { outcome, guard } = (await started.report()) ?? {}
        place.expect(
          outcome === 'applied' && guard.trouble === null,
          `${outcome}, trouble: ${guard?.trouble}`,
        )
        await place.ask(started, 2)
        await started.stop('SIGKILL')
      }
      await place.check('cold', 'CRASH_LOOP', { ...env, ...report('last') }, [], wrap)
    } finally {
      chmodSync(place.folder, 0o755)
    }
    return place
  },
}
