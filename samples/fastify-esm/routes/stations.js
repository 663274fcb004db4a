const pageSize = 25

const querystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    region: { type: 'string', pattern: '^[a-z]{1,20}$' },
    above: { type: 'integer', minimum: 0, maximum: 5000, default: 0 },
    near: { type: 'string', pattern: '^-?\\d{1,2}(\\.\\d+)?,-?\\d{1,3}(\\.\\d+)?$' },
    page: { type: 'integer', minimum: 1, maximum: 1000, default: 1 },
  },
}

export async function stationRoutes(app) {
  const list = { schema: { querystring, response: { 200: { $ref: 'stationPage#' } } } }
  app.get('/', list, async (request) => {
    const { region, above, near, page } = request.query
    const found = app.stations
      .all()
      .filter((station) => region === undefined || station.region === region)
      .filter(({ altitudeM }) => altitudeM >= above)
    if (near !== undefined) found.sort(byDistance(...near.split(',').map(Number)))
    const items = found.slice((page - 1) * pageSize, page * pageSize)
    return { total: found.length, page, items }
  })

  const one = {
    schema: { params: { $ref: 'stationId#' }, response: { 200: { $ref: 'station#' } } },
  }
  app.get('/:id', one, async (request) => app.stations.find(request.params.id))
}

function byDistance(latitude, longitude) {
  const distance = (station) =>
    Math.hypot(
      station.latitude - latitude,
      (station.longitude - longitude) * Math.cos((latitude * Math.PI) / 180),
    )
  return (a, b) => distance(a) - distance(b) || a.id - b.id
}
