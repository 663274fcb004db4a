import type { FileEntry, FileKind } from '../api.ts'
import type { ViewName } from './view.ts'

/** Kinds of files of which a view shows one. */
const kindsOfView: Readonly<Record<ViewName, readonly FileKind[]>> = {
  compare: ['results'],
  replay: ['report', 'results'],
  profile: ['profile'],
  start: ['start'],
  // It shows all of them side by side.
  live: [],
}

const viewOfKind: Readonly<Record<FileKind, ViewName>> = {
  results: 'compare',
  report: 'replay',
  profile: 'profile',
  start: 'start',
  live: 'live',
}

/** The view that a file is opened in. */
export function viewFor(file: FileEntry): ViewName {
  return viewOfKind[file.kind]
}

export type ChosenFile =
  | { readonly state: 'chosen'; readonly file: FileEntry }
  /** The URL names one that is not there. */
  | { readonly state: 'unknown'; readonly id: string; readonly newest: FileEntry | null }
  | { readonly state: 'none' }

/** The file that the URL names, else the newest that can be shown. `files` has the newest first. */
export function chooseFile(
  files: readonly FileEntry[],
  view: ViewName,
  id: string | undefined,
): ChosenFile {
  const fitting = filesOf(files, view)
  const newest = fitting.find(({ error }) => error === null) ?? fitting[0] ?? null
  if (id !== undefined) {
    const file = fitting.find((entry) => entry.id === id)
    return file === undefined ? { state: 'unknown', id, newest } : { state: 'chosen', file }
  }
  return newest === null ? { state: 'none' } : { state: 'chosen', file: newest }
}

export function filesOf(files: readonly FileEntry[], view: ViewName): readonly FileEntry[] {
  return files.filter(({ kind }) => kindsOfView[view].includes(kind))
}
