/**
 * Real Node binaries of every supported line, from the npm packages `node-<platform>-<arch>`, cached in `.node-lines/`.
 * Usage: node scripts/node-lines.mjs 20 22 24 26
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const lines = ['20', '22', '24', '26']

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const cache = path.join(root, '.node-lines')

/** Path of a Node binary of that line; installs it first when it is not there. */
export function nodeOfLine(line) {
  if (!lines.includes(line)) throw new Error(`--node ${line}: choose one of ${lines.join(', ')}`)
  if (process.versions.node.split('.')[0] === line) return process.execPath
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const folder = path.join(cache, line)
  const binary = path.join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(binary)) return binary
  process.stderr.write(`installing ${name}@${line} into .node-lines/${line}\n`)
  mkdirSync(cache, { recursive: true })
  const draft = path.join(cache, `${line}.${process.pid}.tmp`)
  const options = ['--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
  execFileSync('npm', ['install', '--prefix', draft, ...options, `${name}@${line}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
  rmSync(folder, { recursive: true, force: true })
  renameSync(draft, folder)
  return binary
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const line of process.argv.slice(2)) process.stdout.write(`${nodeOfLine(line)}\n`)
}
