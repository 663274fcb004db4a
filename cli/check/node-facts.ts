import { execFile } from 'node:child_process'
import v8 from 'node:v8'
import { promisify } from 'node:util'
import { PrewarmError, messageOf } from '../../formats/errors.ts'
import type { Meta } from '../../formats/profile.ts'
import { isNode } from '../node-command.ts'

/** What of a Node decides whether a profile fits it. */
export type NodeFacts = Pick<Meta, 'node' | 'v8' | 'arch' | 'platform' | 'codeCacheTag'>

const question = `JSON.stringify({
  node: process.version,
  v8: process.versions.v8,
  arch: process.arch,
  platform: process.platform,
  codeCacheTag: require('node:v8').cachedDataVersionTag(),
})`

/**
 * Of the Node that a command runs, without its flags; of this one when there is no command or it is another program. Throws
 * `ERR_PREWARM_CLI_SPAWN`.
 */
export async function nodeFacts([executable]: readonly string[]): Promise<NodeFacts> {
  if (executable === undefined || !isNode(executable) || executable === process.execPath) {
    return {
      node: process.version,
      v8: process.versions.v8,
      arch: process.arch,
      platform: process.platform,
      codeCacheTag: v8.cachedDataVersionTag(),
    }
  }
  try {
    // Preloads of the service have no business here.
    const env = { ...process.env, NODE_OPTIONS: '' }
    const { stdout } = await promisify(execFile)(executable, ['-p', question], { env })
    return JSON.parse(stdout) as NodeFacts
  } catch (error) {
    throw new PrewarmError(
      'ERR_PREWARM_CLI_SPAWN',
      `Cannot ask ${executable} which Node it is: ${messageOf(error)}`,
      { hint: 'Give a command that starts here, such as: -- node app.js', cause: error },
    )
  }
}
