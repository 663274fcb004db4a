/** What the dashboard takes upon itself. Folders and files may be anybody's. */
export const serverLimits = {
  /** Of any file that is read whole. */
  fileBytes: 256 * 1024 * 1024,
  /** Of all files that were dropped on the page together. */
  droppedBytes: 512 * 1024 * 1024,
  droppedFiles: 200,
  /** Folders below one that was opened. */
  depth: 3,
  /** Entries of folders that are looked at in one scan. */
  entries: 20_000,
  /** Files that are listed. */
  files: 1000,
  /** Live files that are followed, the newest. */
  liveFiles: 20,
} as const
