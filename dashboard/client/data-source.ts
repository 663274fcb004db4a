import type {
  CurveAxis,
  CurvesView,
  ExportFormat,
  FileEntry,
  FileList,
  ProfileDiff,
  ProfileView,
  ReportsView,
  ResultsView,
  StartView,
  WindowsView,
} from '../api.ts'

export interface CurveQuery {
  readonly axis: CurveAxis
  /** null: all requests of a round. */
  readonly route: string | null
  /** Most points of an arm; extremes are kept. */
  readonly points: number
  /** On the axis, both inclusive; absent: all. */
  readonly from?: number
  readonly to?: number
}

/**
 * Where the page has its data from: the dashboard's server, or, in a report that was saved as one file, the page itself. Rejects
 * with an {@link ApiProblem}.
 */
export interface DataSource {
  /** Live services, comparing of files and dropping more of them take a server. */
  readonly isServed: boolean
  files(): Promise<FileList>
  results(id: string): Promise<ResultsView>
  curves(id: string, query: CurveQuery): Promise<CurvesView>
  windows(id: string, route: string | null): Promise<WindowsView>
  reports(id: string): Promise<ReportsView>
  profile(id: string): Promise<ProfileView>
  start(id: string): Promise<StartView>
  diff(from: string, to: string): Promise<ProfileDiff>
  /** Where a profile can be downloaded in another format. */
  exportUrl(id: string, format: ExportFormat): string
  /** Adds a file that was dropped on the page, until the server ends. */
  add(file: File): Promise<FileEntry>
  /** Opens the stream of the live files; the caller closes it. */
  live(): EventSource
}

export class ApiProblem extends Error {
  readonly code: string
  readonly hint: string | null

  constructor(code: string, message: string, hint: string | null = null) {
    super(message)
    this.code = code
    this.hint = hint
  }
}
