import {
  appendFileSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
} from 'node:fs'
import path from 'node:path'
import { formatBytes } from '../../dashboard/analysis/units.ts'
import { PrewarmError } from '../../formats/errors.ts'
import {
  formatLeftOut,
  formatPlan,
  formatRun,
  parseResults,
  type LeftOut,
  type Results,
  type ResultsPlan,
  type ResultsRun,
} from '../../formats/results.ts'
import { unreadableFile } from '../unreadable-file.ts'
import { unwritableFile } from './output-file.ts'
import { planDifference } from './plan-difference.ts'

export interface SaveOptions {
  readonly file: string
  /** Overwrite it. */
  readonly force: boolean
  /** Go on with it where it exists. */
  readonly resume: boolean
}

/** A results file that is being written: every line is on the disk when the call returns. All throw `ERR_PREWARM_CLI_WRITE`. */
export interface ResultsFile {
  /** What it held when it was opened. */
  readonly earlier: Pick<Results, 'runs' | 'leftOut'>
  addRun(run: ResultsRun): void
  addLeftOut(leftOut: LeftOut): void
  close(): void
}

/** A latency in microseconds and its comma. */
const bytesPerLatency = 7
/** The rest of a line, with a run report. */
const bytesPerStart = 16_384

/**
 * Opens the file of `--save` and writes the plan, before anything is measured. Throws `ERR_PREWARM_CLI_EXISTS`,
 * `ERR_PREWARM_CLI_WRITE` also when the disk has too little space for all starts, `ERR_PREWARM_CLI_RESULTS` for a file of another
 * measurement, and what {@link readResultsFile} does.
 */
export function openResultsFile(save: SaveOptions, plan: ResultsPlan): ResultsFile {
  const { file, force, resume } = save
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats !== undefined && !force && !resume) throw existing(file)
  // One that ended before its first line is as good as none.
  const isResumed = resume && stats !== undefined && stats.size > 0
  const earlier = isResumed ? prepareResume(file, plan) : { runs: [], leftOut: [] }
  checkSpace(file, plan, earlier.runs.length)
  let handle: number
  try {
    handle = openSync(file, isResumed ? 'a' : force || resume ? 'w' : 'wx')
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'EEXIST'
      ? existing(file)
      : unwritableFile(file, cause)
  }
  let sizeBytes = isResumed ? statSync(file).size : 0

  function add(line: string): void {
    try {
      appendFileSync(handle, line)
      sync(handle)
      sizeBytes += Buffer.byteLength(line)
    } catch (cause) {
      cutBack()
      throw unwritableFile(file, cause, 'Make room, then go on with --resume.')
    }
  }

  /** A disk that is full has taken a part of the line. */
  function cutBack(): void {
    try {
      ftruncateSync(handle, sizeBytes)
    } catch {
      // Then the line stays torn, and is left out when the file is read.
    }
  }

  if (!isResumed) add(formatPlan(plan))
  return {
    earlier,
    addRun(run) {
      add(formatRun(run))
    },
    addLeftOut(leftOut) {
      add(formatLeftOut(leftOut))
    },
    close() {
      closeSync(handle)
    },
  }
}

/** Reads what `--save` wrote. Throws `ERR_PREWARM_FMT_UNREADABLE`, or what {@link parseResults} throws. */
export function readResultsFile(file: string): Results {
  const hint = 'Give the path of a file that prewarm compare --save wrote.'
  try {
    return parseResults(readFileSync(file, 'utf8'))
  } catch (cause) {
    if (cause instanceof PrewarmError) {
      throw new PrewarmError(cause.code, `${file}: ${cause.message}`, {
        hint: cause.hint ?? hint,
        cause,
      })
    }
    throw unreadableFile(file, cause, { missing: hint, other: hint })
  }
}

/** Cuts off a torn last line, and puts `plan` in the place of the saved one where it asks for more or evaluates otherwise. */
function prepareResume(file: string, plan: ResultsPlan): Pick<Results, 'runs' | 'leftOut'> {
  const saved = readResultsFile(file)
  const difference = planDifference(saved.plan, plan)
  if (difference !== null) {
    throw new PrewarmError(
      'ERR_PREWARM_CLI_RESULTS',
      `${file} is of another measurement; ${difference}`,
      { hint: 'Give --save another name, or --force to begin anew.' },
    )
  }
  const content = readFileSync(file)
  const whole = content.subarray(0, content.lastIndexOf('\n') + 1)
  const headEnd = whole.indexOf('\n') + 1
  const head = formatPlan({ ...plan, createdAt: saved.plan.createdAt })
  try {
    if (whole.subarray(0, headEnd).toString() === head) truncateSync(file, whole.length)
    else replaceFile(file, [Buffer.from(head), whole.subarray(headEnd)])
  } catch (cause) {
    throw unwritableFile(file, cause)
  }
  return saved
}

/** The old content stays until the new one is whole. */
function replaceFile(file: string, pieces: readonly Uint8Array[]): void {
  const draft = `${file}.${process.pid}.tmp`
  try {
    const handle = openSync(draft, 'w')
    try {
      for (const piece of pieces) appendFileSync(handle, piece)
      sync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

function checkSpace(file: string, plan: ResultsPlan, savedRuns: number): void {
  const starts = plan.runs * plan.arms.length - savedRuns
  const latencies = plan.rounds * plan.requests.length
  const neededBytes = starts * (latencies * bytesPerLatency + bytesPerStart)
  const freeBytes = freeSpace(path.dirname(path.resolve(file)))
  if (freeBytes === null || freeBytes >= neededBytes) return
  throw new PrewarmError(
    'ERR_PREWARM_CLI_WRITE',
    `${file} may need ${formatBytes(neededBytes)}, and ${formatBytes(freeBytes)} are free`,
    { hint: 'Make room, or name a file on another disk.' },
  )
}

/** null: the file system does not tell. */
function freeSpace(folder: string): number | null {
  try {
    const { bavail, bsize, blocks } = statfsSync(folder)
    return blocks === 0 ? null : bavail * bsize
  } catch {
    return null
  }
}

/** Pipes and devices have nothing to sync. */
function sync(handle: number): void {
  try {
    fsyncSync(handle)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EINVAL') throw cause
  }
}

function existing(file: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_CLI_EXISTS', `${file} exists`, {
    hint: 'Give --resume to go on with it, --force to overwrite it, or another name.',
  })
}
