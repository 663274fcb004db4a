import { share } from './share.js'

/** Errors as JSON: what the client did wrong in detail, what we did wrong in the log only. */
export const answerErrors = share(async (app) => {
  app.setErrorHandler((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error(error)
    const details = error.validation?.map(({ instancePath, message }) => ({
      field: instancePath.slice(1),
      message,
    }))
    reply.code(status).send({
      error: status >= 500 ? 'Internal server error' : error.message,
      ...(details && { details }),
    })
  })
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ error: `Nothing at ${request.method} ${request.url}` })
  })
}, 'answer-errors')
