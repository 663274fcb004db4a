import { noise } from './noise.js'

export const regions = ['coast', 'heath', 'hills', 'lakes', 'marsh', 'moor', 'valley', 'woods']
const instruments = ['thermometer', 'rain gauge', 'anemometer', 'barometer', 'hygrometer']
const places = ['Alder', 'Birch', 'Clay', 'Dun', 'Elm', 'Fern', 'Gorse', 'Hazel', 'Iris', 'Juniper']
const endings = ['bridge', 'field', 'ford', 'mill', 'side', 'ton', 'well', 'wick']

export const stationCount = 240

/** The same in every process. */
export function createStations() {
  return Array.from({ length: stationCount }, (_, index) => {
    const id = index + 1
    const place = places[index % places.length]
    return {
      id,
      name: `${place}${endings[Math.floor(index / places.length) % endings.length]}`,
      region: regions[Math.floor(noise(id, 1) * regions.length)],
      altitudeM: Math.round(1500 * noise(id, 2) ** 3),
      latitude: round(50 + 8 * noise(id, 3), 4),
      longitude: round(-5 + 12 * noise(id, 4), 4),
      instruments: instruments.filter((_, at) => at === 0 || noise(id, 10 + at) > 0.3),
    }
  })
}

function round(value, digits) {
  return Number(value.toFixed(digits))
}
