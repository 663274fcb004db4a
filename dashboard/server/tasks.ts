import type { CurveAxis, ExportFormat, FileKind } from '../api.ts'

/** A file as the analysis gets it. */
export interface FileRef {
  /** Changes with the content. */
  readonly key: string
  readonly name: string
  readonly content:
    | { readonly path: string }
    /** In shared memory, of a file that was dropped on the page. */
    | { readonly bytes: Uint8Array }
}

export interface CurvesQuery {
  readonly axis: CurveAxis
  /** null: all requests of a round. */
  readonly route: string | null
  readonly points: number
  /** On the axis, both inclusive. */
  readonly from: number
  readonly to: number
}

/** What takes long enough to be done in a thread of its own. Its answer is the body of a response. */
export type Task =
  | { readonly do: 'describe'; readonly kind: FileKind; readonly file: FileRef }
  | { readonly do: 'results'; readonly file: FileRef }
  | { readonly do: 'curves'; readonly file: FileRef; readonly query: CurvesQuery }
  | { readonly do: 'windows'; readonly file: FileRef; readonly route: string | null }
  | { readonly do: 'reports'; readonly kind: FileKind; readonly file: FileRef }
  | { readonly do: 'profile'; readonly file: FileRef }
  | { readonly do: 'start'; readonly file: FileRef }
  | { readonly do: 'diff'; readonly file: FileRef; readonly other: FileRef }
  | { readonly do: 'export'; readonly file: FileRef; readonly format: ExportFormat }

export interface TaskSettings {
  /** That opens encrypted sections; undefined: none. */
  readonly profileKey: Uint8Array | undefined
  /** Root of the application that profiles are compared with; undefined: none is named. */
  readonly app: string | undefined
}

/** Performs a task. Rejects with a `PrewarmError` for whatever is wrong with the file. */
export type Analyse = (task: Task) => Promise<string | Uint8Array>
