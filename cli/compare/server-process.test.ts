import { expect, test } from 'vitest'
import { startServer } from './server-process.ts'

const forever = new Promise<never>(() => undefined)
const service = {
  command: process.execPath,
  args: ['-e', 'setTimeout(() => {}, 60_000)'],
  env: process.env,
}

test.each(['before', 'after'])('an abort %s the start ends the service', async (when) => {
  const abort = new AbortController()
  const reason = new Error('enough')
  if (when === 'before') abort.abort(reason)
  const server = startServer(service, abort.signal)
  if (when === 'after') abort.abort(reason)
  await expect(server.during(forever)).rejects.toBe(reason)
  await server.stop()
})
