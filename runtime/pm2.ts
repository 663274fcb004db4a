import path from 'node:path'

/** The files of PM2 that start a service: of `exec_mode` cluster, and fork. */
const containers: ReadonlySet<string> = new Set(['ProcessContainer.js', 'ProcessContainerFork.js'])

/**
 * The file that this process was started for; undefined in a REPL or with `--eval`. PM2 starts services by a file of its own, which
 * loads the one that `pm_exec_path` names.
 */
export function entryOfProcess(): string | undefined {
  const [, entry] = process.argv
  if (entry === undefined || !containers.has(path.basename(entry))) return entry
  return process.env['pm_exec_path'] ?? entry
}

/**
 * In cluster mode PM2 has the variables of a service in one, `pm2_env`, which it takes apart after preloads: what those have to know
 * is taken out before. To be called first of all. Never throws.
 */
export function adoptPm2Environment(env: NodeJS.ProcessEnv): void {
  const text = env['pm2_env']
  if (text === undefined) return
  try {
    for (const [name, value] of Object.entries(JSON.parse(text) as object)) {
      const isNeeded = /^(PREWARM_\w+|NODE_ENV|pm_exec_path)$/.test(name)
      if (isNeeded && ['string', 'number', 'boolean'].includes(typeof value))
        env[name] = String(value)
    }
  } catch {
    // It is not PM2's.
  }
}
