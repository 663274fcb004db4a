const station = {
  $id: 'station',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    region: { type: 'string' },
    altitudeM: { type: 'integer' },
    latitude: { type: 'number' },
    longitude: { type: 'number' },
    instruments: { type: 'array', items: { type: 'string' } },
  },
}

const stationPage = {
  $id: 'stationPage',
  type: 'object',
  properties: {
    total: { type: 'integer' },
    page: { type: 'integer' },
    items: { type: 'array', items: { $ref: 'station#' } },
  },
}

const day = {
  type: 'object',
  properties: {
    day: { type: 'string', format: 'date' },
    minC: { type: 'number' },
    meanC: { type: 'number' },
    maxC: { type: 'number' },
    rainMm: { type: 'number' },
    windMs: { type: 'number' },
  },
}

const summary = {
  $id: 'summary',
  type: 'object',
  properties: {
    station: { $ref: 'station#' },
    days: { type: 'array', items: day },
    warmest: day,
    wettest: day,
    trendCPerDay: { type: 'number' },
  },
}

const stationId = {
  $id: 'stationId',
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'integer', minimum: 1 } },
}

const health = { $id: 'health', type: 'object', properties: { status: { type: 'string' } } }

/** Schemas that routes refer to by their id. */
export const sharedSchemas = [station, stationPage, summary, stationId, health]
