// An access log, written when an answer is finished, by a logger with a hook and a mixin of its own.
import { createServer } from 'node:http'
import { pino as createPino } from 'pino'
import { pino } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const lines = []
const own = {
  base: null,
  mixin: () => ({ mixed: true }),
  hooks: {
    logMethod(args, log) {
      log.apply(this, ['hooked', ...args])
    },
  },
}
const options = process.env.WITHOUT ? own : pino(own, process.env.LOG)
const logger = createPino(options, { write: (line) => lines.push(JSON.parse(line)) })
const access = logger.child({ child: true })
access.info('started')

const server = createServer((request, response) => {
  if (request.url === '/lines') return response.end(JSON.stringify(lines))
  response.on('finish', () => access.info(request.url))
  response.end('ok')
})
serve(server)
