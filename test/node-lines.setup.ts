import { lines, nodeOfLine } from '../scripts/node-lines.mjs'

/** Fetches the Node binaries once, before test files that run at the same time would each do so. */
export function setup(): void {
  for (const line of process.env['PREWARM_LINES']?.split(',') ?? lines) nodeOfLine(line)
}
