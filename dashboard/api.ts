/** What the dashboard's server says and its page understands. All of it is JSON; times are in ms, sizes in bytes. */
import type { CompareReport } from '../formats/compare-report.ts'
import type {
  Curve,
  HotFunction,
  LedgerEntry,
  Meta,
  ModuleRecord,
  RouteRecord,
  ServerRecord,
} from '../formats/profile.ts'
import type { LiveLine } from '../formats/live.ts'
import type { RunReport } from '../formats/report.ts'
import type { StartReport } from '../formats/start-report.ts'
import type { LeftOut, ResultsPlan, ResultsRun } from '../formats/results.ts'

/**
 * results: of `prewarm compare --save`. profile: `.prewarm`. report: a run report. start: of `prewarm explain-start -o`. live: what a
 * running service appends to.
 */
export type FileKind = 'results' | 'profile' | 'report' | 'start' | 'live'

/**
 * A file that can be looked at. `GET /api/files` gives all, the newest first. `POST /api/files?name=app.prewarm`, with the bytes of
 * a file as `application/octet-stream`, adds one until the server ends and gives its entry; a broken one is refused.
 */
export interface FileEntry {
  /** Opaque, stable while the server runs, fit for a URL. */
  readonly id: string
  readonly kind: FileKind
  /** Path below the folder that was opened. */
  readonly name: string
  /** ISO 8601, UTC. */
  readonly modifiedAt: string
  readonly sizeBytes: number
  /** One line for people: `node server.js, 10 runs of 3 arms`. */
  readonly title: string
  /** Why it cannot be shown: a code and a sentence; null: it can. */
  readonly error: ApiError | null
}

/** Body of every answer that is no success. */
export interface ApiError {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

export interface FileList {
  readonly files: readonly FileEntry[]
}

/** `GET /api/results/:id` */
export interface ResultsView {
  readonly name: string
  readonly plan: ResultsPlan
  /** Exactly what `prewarm compare --json` prints of these results. */
  readonly report: CompareReport
  readonly leftOut: readonly LeftOut[]
  /** Of every start that was measured, in order of time. */
  readonly runs: readonly RunFacts[]
}

export type RunFacts = Omit<ResultsRun, 'latenciesMs' | 'statuses'> & {
  /** As the metrics of the same names, of this run alone. */
  readonly firstRequestSumMs: number
  readonly steadySumMs: number
}

/** What a curve is drawn over: rounds from 1, or ms since the first request. */
export type CurveAxis = 'round' | 'time'

/** `GET /api/results/:id/curves?axis=round&route=GET%20%2F&points=2000&from=1&to=200`; no route: all requests of a round. */
export interface CurvesView {
  readonly axis: CurveAxis
  readonly route: string | null
  readonly arms: readonly ArmCurve[]
}

/** Latency of a round, ms: the sum over its requests, or over those of one route. All lists are equally long. */
export interface ArmCurve {
  readonly arm: string
  /** Round or ms, ascending. */
  readonly x: readonly number[]
  /** Over the runs. */
  readonly median: readonly number[]
  /** 10th and 90th percentile over the runs. */
  readonly low: readonly number[]
  readonly high: readonly number[]
  /** Mean of the last third of the rounds. */
  readonly steady: number
  /** Where the median curve changes, on the same axis. */
  readonly changepoints: readonly number[]
}

/** `GET /api/results/:id/windows?route=...`: latencies of single requests per window of rounds, all runs together. */
export interface WindowsView {
  readonly route: string | null
  readonly arms: readonly {
    readonly arm: string
    readonly windows: readonly LatencyWindow[]
  }[]
}

export interface LatencyWindow {
  /** Rounds from 1, both inclusive. */
  readonly from: number
  readonly to: number
  readonly count: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Upper bounds of log-linear buckets with requests, ms, ascending, and how many they hold. */
  readonly histogram: readonly (readonly [upToMs: number, count: number])[]
}

/** `GET /api/reports/:id`: of a report file one; of results those of every run that has one. */
export interface ReportsView {
  readonly name: string
  readonly reports: readonly {
    /** `prewarm, run 3` */
    readonly title: string
    readonly report: RunReport
  }[]
}

/** `GET /api/profiles/:id` */
export interface ProfileView {
  readonly name: string
  readonly digest: string
  readonly sizeBytes: number
  /** Section names and bytes, in file order. */
  readonly sections: readonly (readonly [name: string, bytes: number])[]
  /** Why requests and work are missing; null: they are not. */
  readonly locked: string | null
  readonly meta: Meta
  readonly modules: readonly ModuleRecord[]
  readonly functions: readonly HotFunction[]
  /** Per function where it is written, by the source map of its module: `src/cart.ts:12`; null: there is none, or no application on disk. */
  readonly originals: readonly (string | null)[]
  readonly servers: readonly ServerRecord[]
  readonly routes: readonly RouteView[]
  readonly curve: readonly Curve[]
  readonly ledger: readonly LedgerEntry[]
  readonly work: readonly WorkView[]
  /** Against the application on disk; null: the server was not given one. */
  readonly freshness: Freshness | null
}

export type RouteView = Omit<RouteRecord, 'exemplars'> & {
  readonly exemplars: readonly ExemplarView[]
}

export interface ExemplarView {
  readonly url: string
  readonly headers: readonly string[]
  /** At most 4 KiB of it; null: none was kept, or it is no text. */
  readonly body: string | null
  readonly bodyBytes: number
  readonly status: number
  readonly use: 'rehearse' | 'compare'
}

export interface WorkView {
  readonly name: string
  readonly count: number
  readonly coldP50Ms: number
  readonly steadyP50Ms: number
  readonly samples: number
  readonly unreplayable: number
  readonly obstacle: string
}

/** `GET /api/starts/:id` */
export interface StartView {
  readonly name: string
  readonly report: StartReport
}

/** How much of a profile still fits. */
export interface Freshness {
  /** Folder of the application. */
  readonly app: string
  /** Per module of the profile, by its index: whether its source on disk is the recorded one. */
  readonly modules: readonly ('same' | 'changed' | 'missing' | 'not compared')[]
}

/** `GET /api/profiles/:id/diff/:other`: from `:id` to `:other`. */
export interface ProfileDiff {
  readonly from: string
  readonly to: string
  /** By field; without what every recording has anew, such as its time. */
  readonly meta: readonly UnitChange[]
  readonly modules: readonly UnitChange[]
  readonly functions: readonly UnitChange[]
  readonly routes: readonly UnitChange[]
}

export interface UnitChange {
  readonly unit: string
  /** kept: the same source, and so still of use. */
  readonly change: 'added' | 'removed' | 'changed' | 'kept'
  /** What else is worth telling of one that is there in both. */
  readonly aspects: readonly UnitAspect[]
  /** One line for people: `turbofan -> maglev`. */
  readonly detail: string
}

/**
 * moved: has another path, or another place in its module; phase: of modules, startup or late; cache: of modules, there is one
 * only before or only after; hotter, colder: of functions, by their share of all samples; more, less: of routes, by their
 * share of all requests.
 */
export type UnitAspect =
  'moved' | 'phase' | 'cache' | 'tier' | 'hotter' | 'colder' | 'more' | 'less'

/** Formats that a recorded profile can be saved in: `GET /api/profiles/:id/export/:format`. */
export const exportFormats = ['cpuprofile', 'speedscope', 'pprof'] as const
export type ExportFormat = (typeof exportFormats)[number]

/**
 * `GET /api/live`: server-sent events without a name, whose data is one of these. Who comes anew is told all that is kept of
 * every file. `Last-Event-ID` (an `EventSource` sends it by itself) gives what has come since; where that cannot be told, the
 * files begin anew.
 */
export interface LiveEvent {
  readonly file: {
    /** As in {@link FileEntry}. */
    readonly id: string
    readonly name: string
  }
  /**
   * begin: the lines from the first on; forget what was known of the file. more: what was appended since. gone: the file is no
   * longer there; what is known of it may stay.
   */
  readonly change: 'begin' | 'more' | 'gone'
  readonly lines: readonly LiveLine[]
}

/** What a report that is saved as one file carries, as JSON in `<script id="prewarm-data">`. */
export interface OneFileData {
  readonly results: ResultsView
  /** Per axis and route, all points. */
  readonly curves: readonly CurvesView[]
  readonly windows: readonly WindowsView[]
  readonly reports: ReportsView
}
