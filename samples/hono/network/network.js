const firstMinute = 5 * 60
const lastMinute = 23 * 60
const colours = ['#b3261e', '#1b6e3c', '#22569c', '#8a5a00', '#5b3a8e', '#00707a']
const roads = ['Mill', 'Station', 'Park', 'Harbour', 'Chapel', 'Orchard', 'Bridge', 'Castle']
const endings = ['Road', 'Lane', 'Square', 'Gate', 'Hill', 'Green']

export const lineCount = 24
export const stopCount = roads.length * endings.length

/** Stops, lines that call at them, and when; the same in every process. */
export function createNetwork() {
  const stops = Array.from({ length: stopCount }, (_, index) => ({
    id: index + 1,
    name: `${roads[index % roads.length]} ${endings[Math.floor(index / roads.length)]}`,
    x: (index * 37) % 100,
    y: (index * 61) % 100,
  }))
  const lines = Array.from({ length: lineCount }, (_, index) => createLine(index, stops))
  return {
    stops,
    lines,

    /** The first `limit` minutes, from one on, at which a line leaves a place that it reaches `after` its first stop. */
    departuresOf({ everyMinutes, offset }, after, minute, limit) {
      const first = firstMinute + offset + after
      const missed = Math.max(0, Math.ceil((minute - first) / everyMinutes))
      const runs = Math.floor((lastMinute - firstMinute) / everyMinutes) - missed
      const length = Math.max(0, Math.min(limit, runs))
      return Array.from({ length }, (_, run) => first + (missed + run) * everyMinutes)
    },

    /** The first `limit` that leave a stop from a minute on, in order. */
    departuresAt(stopId, minute, limit) {
      return lines
        .flatMap((line) => {
          const call = line.calls.find(({ stop }) => stop.id === stopId)
          if (call === undefined || call === line.calls.at(-1)) return []
          const towards = line.calls.at(-1).stop.name
          return this.departuresOf(line, call.after, minute, limit).map((leaves) => ({
            line: line.id,
            towards,
            minute: leaves,
          }))
        })
        .sort((a, b) => a.minute - b.minute || a.line - b.line)
        .slice(0, limit)
    },
  }
}

function createLine(index, stops) {
  const length = 6 + (index % 7)
  const step = 1 + 2 * (index % 4)
  const calls = []
  let after = 0
  for (let place = 0; place < length; place++) {
    const stop = stops[(index * 5 + place * step) % stops.length]
    calls.push({ stop, after })
    after += 2 + ((index + place) % 4)
  }
  return {
    id: index + 1,
    colour: colours[index % colours.length],
    everyMinutes: 8 + 4 * (index % 5),
    offset: index % 7,
    calls,
  }
}
