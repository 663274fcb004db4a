import { openProfile } from '../../formats/codec.ts'
import { parseLiveLines } from '../../formats/live.ts'
import { parseResults } from '../../formats/results.ts'
import { parseRunReportText } from '../../formats/run-report-json.ts'
import { parseStartReport } from '../../formats/start-report.ts'
import type { FileKind } from '../api.ts'
import { notReport } from './report-views.ts'
import { bytesOf, headOf } from './contents.ts'
import type { FileRef } from './tasks.ts'

/** A plan names up to 10,000 requests. */
const planBytes = 16 * 1024 * 1024
const liveHeadBytes = 64 * 1024

/**
 * The title of a file, one line. Rejects with what is wrong with it, as far as that can be told without decoding all of it:
 * hashes of a profile, the plan of results, the whole of a report.
 */
export async function describeFile(kind: FileKind, file: FileRef): Promise<string> {
  switch (kind) {
    case 'profile': {
      const meta = openProfile(await bytesOf(file)).section('meta')
      return `${meta.appId}, Node ${meta.node}, ${count(meta.requestCount, 'request')}`
    }
    case 'results': {
      const [head = ''] = text(await headOf(file, planBytes)).split('\n', 1)
      const { plan } = parseResults(head)
      const { command, runs, arms } = plan
      return `${command.join(' ')}, ${count(runs, 'run')} of ${count(arms.length, 'arm')}`
    }
    case 'report': {
      const report = parseRunReportText(text(await bytesOf(file)))
      if (report === null) throw notReport()
      const { appId, outcome, reason, node } = report
      const what = reason === null ? outcome : `${outcome} (${reason})`
      return [appId ?? 'no application', `Node ${node}`, what].join(', ')
    }
    case 'start': {
      const { command, node, arms } = parseStartReport(text(await bytesOf(file)))
      return `${command.join(' ')}, Node ${node}, start of ${count(arms.length, 'arm')}`
    }
    case 'live': {
      // A process that has just been started has not written a line.
      const [first] = parseLiveLines(text(await headOf(file, liveHeadBytes)))
      if (first?.type !== 'start') return 'no lines yet'
      return `${first.appId}, process ${first.pid}, mode ${first.mode}`
    }
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function count(amount: number, unit: string): string {
  return `${amount.toLocaleString('en-US')} ${unit}${amount === 1 ? '' : 's'}`
}
