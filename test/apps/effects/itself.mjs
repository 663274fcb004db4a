// Ends, signals and describes the process itself.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { writeHeapSnapshot } from 'node:v8'

const scratch = mkdtempSync(path.join(os.tmpdir(), 'prewarm-itself-'))
const file = path.join(scratch, 'new')
process.report.directory = scratch
process.on('SIGUSR2', () => undefined)

const ends = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  'kill by text': () => process.kill(String(process.pid), 'SIGTERM'),
  abort: () => process.abort(),
  reallyExit: () => process.reallyExit(1),
}
const ended = {}
for (const [name, end] of Object.entries(ends)) ended[name] = await observe(end, { refuse: true })
const signalled = await observe(() => process.kill(process.pid, 'SIGUSR2'))

const snapshot = () => void writeHeapSnapshot(file)
const written = {}
written.refused = { ...(await observe(snapshot, { refuse: true })), isThere: existsSync(file) }
written.allowed = { ...(await observe(snapshot)), isThere: existsSync(file) }
// To write one, Node says on standard error that it does.
const report = (name) => observe(() => void process.report.writeReport(name), { refuse: true })
const reports = [await report('report'), await report()]
rmSync(scratch, { recursive: true })
console.log(JSON.stringify({ ended, signalled, written, reports }).replaceAll(scratch, ''))
