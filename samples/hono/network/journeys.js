const mostChanges = 3
/** To change from one line to another, minutes. */
const changeMinutes = 3

/**
 * The legs that arrive first, or undefined when nothing arrives: round by round, each with one change more, lines carry on from
 * every stop that was reached earlier than before.
 */
export function fastestJourney(network, from, to, minute) {
  const best = new Map([[from, { arrives: minute, leg: undefined }]])
  let reached = new Set([from])
  for (let change = 0; change <= mostChanges && reached.size > 0; change++) {
    reached = ride(network, best, reached, change === 0 ? 0 : changeMinutes)
  }
  return legsTo(best, from, to)
}

function ride(network, best, reached, waitMinutes) {
  const next = new Set()
  // What is reached in this round must not carry on in it.
  const before = new Map(best)
  for (const line of network.lines) {
    for (const [place, { stop, after }] of line.calls.entries()) {
      if (!reached.has(stop.id)) continue
      const ready = before.get(stop.id).arrives + waitMinutes
      const [departs] = network.departuresOf(line, after, ready, 1)
      if (departs === undefined) continue
      for (const call of line.calls.slice(place + 1)) {
        const arrives = departs - after + call.after
        if (arrives >= (best.get(call.stop.id)?.arrives ?? Infinity)) continue
        const leg = {
          line: line.id,
          from: stop.id,
          to: call.stop.id,
          departs,
          arrives,
        }
        best.set(call.stop.id, { arrives, leg })
        next.add(call.stop.id)
      }
    }
  }
  return next
}

function legsTo(best, from, to) {
  const legs = []
  for (let stop = to; stop !== from; stop = legs[0].from) {
    const leg = best.get(stop)?.leg
    if (leg === undefined) return undefined
    legs.unshift(leg)
  }
  return legs.length === 0 ? undefined : legs
}
