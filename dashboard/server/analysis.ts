import { gzipSync } from 'node:zlib'
import { diffProfiles } from '../analysis/profile-diff.ts'
import { decodeUnlocked } from '../../formats/codec.ts'
import { toCpuProfile } from '../../formats/cpuprofile.ts'
import { toPprof } from '../../formats/pprof.ts'
import { parseResults, type Results } from '../../formats/results.ts'
import { toSpeedscope } from '../../formats/speedscope.ts'
import { parseStartReport } from '../../formats/start-report.ts'
import type { ProfileDiff, StartView } from '../api.ts'
import { bytesOf } from './contents.ts'
import { curvesView, routeCurves, type RouteCurves } from './curve-views.ts'
import { describeFile } from './describe.ts'
import { profileView } from './profile-view.ts'
import { RecentCache } from './recent-cache.ts'
import { reportView, resultsReports } from './report-views.ts'
import { resultsView, windowsView } from './result-views.ts'
import type { Analyse, FileRef, Task, TaskSettings } from './tasks.ts'

type Decoded = ReturnType<typeof decodeUnlocked> & { readonly bytes: Uint8Array }

/** Two are compared at a time; a few more are what a person goes back and forth between. */
const filesKept = 4

/** What an evaluation takes seconds for is kept as long as its file is what it was. */
const answersKept = 16

/** Performs tasks in this thread. */
export function createAnalysis({ profileKey, app }: TaskSettings): Analyse {
  const results = new RecentCache<Results>(filesKept)
  const profiles = new RecentCache<Decoded>(filesKept)
  const curves = new RecentCache<RouteCurves>(filesKept)
  const views = new RecentCache<string>(answersKept)

  const readResults = (file: FileRef): Promise<Results> =>
    results.get(file.key, async () => parseResults(new TextDecoder().decode(await bytesOf(file))))

  const readProfile = (file: FileRef): Promise<Decoded> =>
    profiles.get(file.key, async () => {
      const bytes = await bytesOf(file)
      return { bytes, ...decodeUnlocked(bytes, profileKey) }
    })

  async function perform(task: Task): Promise<string | Uint8Array> {
    const { file } = task
    switch (task.do) {
      case 'describe':
        return describeFile(task.kind, file)
      case 'results':
        return views.get(`${file.key} results`, async () =>
          JSON.stringify(resultsView(file.name, await readResults(file))),
        )
      case 'curves': {
        const { query } = task
        const all = await curves.get(`${file.key} ${JSON.stringify(query.route)}`, async () =>
          routeCurves(await readResults(file), query.route),
        )
        return JSON.stringify(curvesView(all, query))
      }
      case 'windows':
        return views.get(`${file.key} windows ${JSON.stringify(task.route)}`, async () =>
          JSON.stringify(windowsView(await readResults(file), task.route)),
        )
      case 'reports':
        return JSON.stringify(
          task.kind === 'results'
            ? resultsReports(file.name, await readResults(file))
            : reportView(file.name, new TextDecoder().decode(await bytesOf(file))),
        )
      case 'start': {
        const report = parseStartReport(new TextDecoder().decode(await bytesOf(file)))
        const view: StartView = { name: file.name, report }
        return JSON.stringify(view)
      }
      case 'profile':
        // Not kept: the files of the application may have changed.
        return JSON.stringify(await profileView(file.name, await readProfile(file), app))
      case 'diff': {
        const { file: from, other: to } = task
        const before = await readProfile(from)
        const after = await readProfile(to)
        const diff: ProfileDiff = {
          from: from.name,
          to: to.name,
          ...diffProfiles(before.profile, after.profile),
        }
        return JSON.stringify(diff)
      }
      case 'export': {
        const { profile } = await readProfile(file)
        if (task.format === 'cpuprofile') return JSON.stringify(toCpuProfile(profile))
        if (task.format === 'speedscope') return JSON.stringify(toSpeedscope(profile))
        return gzipSync(toPprof(profile))
      }
    }
  }

  return perform
}
