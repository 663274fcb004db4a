import path from 'node:path'

export interface NodeCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/**
 * The user's command with modules preloaded, in the given order. A command that is Node itself gets
 * `--import` arguments; anything else (`npm start`, a script) gets them through `NODE_OPTIONS`, which every
 * Node process below it inherits.
 *
 * `preloadUrls` are `file:` URLs: their percent-encoding keeps `NODE_OPTIONS` free of spaces.
 */
export function withPreloads(
  command: readonly string[],
  preloadUrls: readonly string[],
  env: NodeJS.ProcessEnv,
): NodeCommand {
  const [executable = '', ...args] = command
  if (isNode(executable)) {
    return {
      command: executable,
      args: [...preloadUrls.flatMap((url) => ['--import', url]), ...args],
      env: { ...env },
    }
  }
  const imports = preloadUrls.map((url) => `--import=${url}`)
  const options = [env['NODE_OPTIONS'], ...imports].filter(Boolean).join(' ')
  return {
    command: executable,
    args,
    env: options === '' ? { ...env } : { ...env, NODE_OPTIONS: options },
  }
}

export function isNode(executable: string): boolean {
  return executable === process.execPath || /^node(\.exe)?$/i.test(path.basename(executable))
}
