import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { PrewarmError } from '../formats/errors.ts'
import { identifyApp } from '../runtime/app.ts'
import { isNode } from './node-command.ts'

/**
 * The root that recorder and replayer find for an entry file in `folder`, or in the working folder. Throws
 * `ERR_PREWARM_CLI_USAGE` when there is no such folder.
 */
export async function applicationRoot(folder = '.'): Promise<string> {
  const absolute = path.resolve(folder)
  const stats = await stat(absolute).catch(() => undefined)
  if (stats?.isDirectory() !== true) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', `--app ${absolute}: there is no such folder`)
  }
  return identifyApp(path.join(absolute, 'index.js')).root
}

/**
 * The root of the application that a command will most likely run: that of the first file among the arguments of Node,
 * which at worst is a module that is preloaded, else that of the working folder.
 */
export function rootOfCommand([executable = '', ...args]: readonly string[]): string {
  const entry = isNode(executable) ? args.find(isThere) : undefined
  return identifyApp(path.resolve(entry ?? 'index.js')).root
}

function isThere(argument: string): boolean {
  return !argument.startsWith('-') && statSync(argument, { throwIfNoEntry: false }) !== undefined
}
