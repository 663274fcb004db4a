import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import { cheapestRoute, consignment, priceOf } from '@depot/pricing'
import { depotOf, depots } from '@depot/pricing/depots'
import { formatMoney, formatWeight } from '@depot/units'
import Koa from 'koa'

export function createApp() {
  const router = new Router()

  router.get('/healthz', (context) => {
    context.body = { status: 'ok' }
  })

  router.get('/depots', (context) => {
    const wanted = `${context.query.name ?? ''}`.toLowerCase()
    context.body = { depots: depots.filter(({ name }) => name.toLowerCase().includes(wanted)) }
  })

  router.get('/routes', (context) => {
    const { from, to } = context.query
    context.body = routeBetween(context, from, to)
  })

  router.post('/quotes', (context) => {
    const { success, data: wish, error } = consignment.safeParse(context.request.body)
    if (!success) {
      context.status = 400
      context.body = {
        error: 'Invalid consignment',
        details: error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
      }
      return
    }
    const route = routeBetween(context, wish.from, wish.to)
    const { parcels, discount, totalCents } = priceOf(wish, route)
    context.body = {
      route,
      parcels: parcels.map((cents, index) => ({
        weight: formatWeight(wish.parcels[index].grams),
        price: formatMoney(cents),
      })),
      discount,
      total: formatMoney(totalCents),
    }
  })

  const app = new Koa()
  app.use(answerErrors)
  app.use(bodyParser({ enableTypes: ['json'] }))
  app.use(router.routes())
  app.use(router.allowedMethods())
  return app
}

function routeBetween(context, from, to) {
  const [start, end] = [depotOf(from), depotOf(to)]
  if (start === undefined || end === undefined) context.throw(404, 'No such depot')
  const route = cheapestRoute(start, end)
  return route ?? context.throw(404, `No van goes from ${from} to ${to}`)
}

async function answerErrors(context, next) {
  try {
    await next()
    if (context.status === 404 && context.body === undefined) context.throw(404, 'Nothing here')
  } catch (error) {
    const { status = 500, message, stack } = error
    if (status >= 500) process.stderr.write(`${context.method} ${context.path}: ${stack}\n`)
    context.status = status
    context.body = { error: status >= 500 ? 'Internal server error' : message }
  }
}
