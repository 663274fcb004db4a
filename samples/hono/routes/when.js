import { HTTPException } from 'hono/http-exception'
import { validator } from 'hono/validator'
import { parseTime } from '../network/times.js'

/** Checks `at=08:15` of a query: `context.req.valid('query').minute`. */
export const when = validator('query', ({ at = '08:00' }) => {
  const minute = parseTime(at)
  if (minute !== undefined) return { minute }
  throw new HTTPException(400, { message: `at=${at} is not a time: 08:15` })
})
