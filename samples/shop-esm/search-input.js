import Ajv from 'ajv'
import { HttpError } from './http-error.js'

const pageSize = 20

const validate = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true }).compile({
  type: 'object',
  additionalProperties: false,
  properties: {
    query: { type: 'string', maxLength: 100, default: '' },
    category: { type: 'string', pattern: '^[a-z]{1,30}$' },
    maxPrice: { type: 'number', minimum: 0, maximum: 1_000_000 },
    sort: { enum: ['relevance', 'priceAsc', 'priceDesc', 'rating', 'name'], default: 'relevance' },
    page: { type: 'integer', minimum: 1, maximum: 1000, default: 1 },
  },
})

/**
 * What the catalogue searches for, from a query string or GraphQL arguments. Empty values count as
 * absent, as forms send them. Throws a 400 that lists everything that is wrong.
 */
export function parseSearch(input) {
  const given = Object.entries(input).filter(([, value]) => value !== '' && value != null)
  const search = Object.fromEntries(given)
  if (!validate(search)) {
    const details = validate.errors.map(({ instancePath, message, params }) => ({
      field: instancePath.slice(1) || params.additionalProperty,
      message,
    }))
    throw new HttpError(400, 'Invalid search', details)
  }
  const { maxPrice, ...rest } = search
  const maxPriceCents = maxPrice === undefined ? undefined : Math.round(maxPrice * 100)
  return { ...rest, maxPriceCents, pageSize }
}
