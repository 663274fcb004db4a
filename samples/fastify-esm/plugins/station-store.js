import { createStations } from '../weather/stations.js'
import { share } from './share.js'

/** `app.stations`: what the routes read from. */
export const stationStore = share(async (app) => {
  const stations = createStations()
  app.decorate('stations', {
    all: () => stations,
    find(id) {
      const station = stations[id - 1]
      if (station !== undefined) return station
      throw Object.assign(new Error(`No station ${id}`), { statusCode: 404 })
    },
  })
}, 'station-store')
