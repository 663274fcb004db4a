// Starts, signals and messages processes in every style.
import childProcess, { execSync, fork, spawn, spawnSync } from 'node:child_process'
import cluster from 'node:cluster'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { kill } from 'node:process'
import { promisify } from 'node:util'

const { exec, execFile, execFileSync } = createRequire(import.meta.url)('child_process')
const child = path.join(import.meta.dirname, 'child.cjs')
const scratch = mkdtempSync(path.join(os.tmpdir(), 'prewarm-processes-'))
const mark = path.join(scratch, 'mark')
const ended = async (started) => {
  await once(started, 'close')
}

const cases = {
  spawn: () => ended(spawn('touch', [mark])),
  'spawn in a shell': () => ended(spawn(`touch ${mark}; true`, { shell: true })),
  exec: () => ended(exec(`touch ${mark}`)),
  'exec with a secret': () => ended(exec(`KEY='a secret' touch ${mark}`)),
  'exec promisified': async () => void (await promisify(exec)(`touch ${mark}`)),
  execFile: () => ended(execFile('touch', [mark])),
  'execFile promisified': async () => void (await promisify(execFile)('touch', [mark])),
  fork: () => ended(fork(child, ['mark', mark])),
  spawnSync: () => void spawnSync('touch', [mark]),
  'spawnSync in a shell': () => void spawnSync(`touch ${mark}`, { shell: true }),
  'spawnSync in a shell with arguments': () => void spawnSync('touch', [mark], { shell: true }),
  execSync: () => void execSync(`touch ${mark}`),
  execFileSync: () => void execFileSync('touch', [mark], {}),
}
/** As the kernel has them; the main thread starts them. */
const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
const results = {}
for (const [name, run] of Object.entries(cases)) {
  const allowed = { ...(await observe(run)), marked: existsSync(mark) }
  rmSync(mark, { force: true })
  const refused = { ...(await observe(run, { refuse: true })), marked: existsSync(mark) }
  results[name] = { allowed, refused: { ...refused, children: children() } }
}

const sleeper = fork(child, ['wait'])
await once(sleeper, 'message')
const got = []
const gotBoth = new Promise((resolve) => {
  sleeper.on('message', (message) => got.push(message) === 2 && resolve())
})
const signals = {
  itself: await observe(() => process.kill(process.pid, 0)),
  probe: await observe(() => process.kill(sleeper.pid, 0)),
  refused: await observe(() => kill(sleeper.pid, 'SIGKILL'), { refuse: true }),
}
const messages = {
  refused: await observe(() => sleeper.send('refused'), { refuse: true }),
  allowed: await observe(() => sleeper.send('allowed')),
}
// First what it sends while it is watched, then what it got, and what its own sink was told.
await gotBoth
messages.got = got
signals.allowed = await observe(() => process.kill(sleeper.pid, 'SIGKILL'))
signals.end = await once(sleeper, 'close')
for (const key of ['refused', 'allowed'])
  signals[key].told = signals[key].told.map((name) => name.replace(String(sleeper.pid), 'PID'))

cluster.setupPrimary({ exec: child, args: ['listen'] })
const worker = cluster.fork()
const [listened] = await once(worker, 'message')
worker.kill('SIGKILL')
await once(worker, 'exit')

rmSync(scratch, { recursive: true })
const isExecve = 'execve' in process
const execve = isExecve
  ? await observe(() => process.execve('/bin/false', ['false'], {}), { refuse: true })
  : undefined
console.log(
  JSON.stringify({
    results,
    signals,
    messages,
    listened,
    execve,
    isSame: childProcess.spawnSync === spawnSync,
  }).replaceAll(process.execPath, 'NODE'),
)
