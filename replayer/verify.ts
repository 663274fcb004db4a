import { renameSync, writeFileSync } from 'node:fs'
import type { RunReport } from '../formats/report.ts'

/** Before anything wraps it: what a rehearsal has started is not to end the process, and this is. */
const exit: (code: number) => never = process.exit.bind(process)

/** The end of a start under `prewarm verify`, which looks for the file: in one piece, and then nothing more happens. */
export function endVerified(file: string, report: RunReport): never {
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, JSON.stringify(report))
  renameSync(draft, file)
  return exit(0)
}
