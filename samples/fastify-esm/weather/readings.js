import { shareOfYear } from './days.js'
import { noise } from './noise.js'

const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** Hourly readings of a station on some days: what its instruments would have said. */
export function readingsOf(station, days) {
  return days.map((day) => ({ day, hours: hours.map((hour) => readingAt(station, day, hour)) }))
}

function readingAt({ id, altitudeM, latitude }, day, hour) {
  const season = -Math.cos(2 * Math.PI * (shareOfYear(day) - 0.05))
  const sun = -Math.cos((2 * Math.PI * (hour - 3)) / 24)
  const front = noise(id, day) + 0.5 * noise(id >> 3, day >> 1)
  const temperatureC =
    11 + 8 * season + 3.5 * sun - 0.0065 * altitudeM - 0.4 * (latitude - 54) + 5 * (front - 0.75)
  const isWet = front > 1.05 && noise(id ^ day, hour) > 0.45
  return {
    hour,
    temperatureC: temperatureC + 0.6 * (noise(day, id * 24 + hour) - 0.5),
    rainMm: isWet ? 4 * (front - 1) * noise(id + day, hour) : 0,
    windMs: 2 + 6 * front * noise(id - day, hour) + altitudeM / 400,
  }
}
