import { addDays, formatDay } from './days.js'
import { round, slope, sum } from './summary.js'

/** How much of yesterday's difference from the mean is left today. */
const persistence = 0.7

/** What comes after days of readings: yesterday's weather, that wears off into the mean and its trend. */
export function forecast(history, first, count) {
  const means = history.map(({ hours }) => sum(hours.map(({ temperatureC }) => temperatureC)) / 24)
  const isWet = history.map(({ hours }) => hours.some(({ rainMm }) => rainMm > 0.1))
  const mean = sum(means) / means.length
  const trend = slope(means)
  const wetShare = isWet.filter(Boolean).length / isWet.length
  const last = { anomaly: means.at(-1) - mean, wet: Number(isWet.at(-1)) }

  return Array.from({ length: count }, (_, index) => {
    const left = persistence ** (index + 1)
    const meanC = mean + (trend * (means.length / 2 + index)) / 2 + left * last.anomaly
    const rainLikelihood = left * last.wet + (1 - left) * wetShare
    return {
      day: formatDay(addDays(first, index)),
      meanC: round(meanC, 1),
      rainLikelihood: round(rainLikelihood, 2),
      sky: skyOf(meanC, rainLikelihood),
    }
  })
}

function skyOf(meanC, rainLikelihood) {
  if (rainLikelihood > 0.6) return meanC < 1 ? 'snow' : 'rain'
  if (rainLikelihood > 0.4) return 'overcast'
  return rainLikelihood > 0.2 ? 'fair' : 'clear'
}
