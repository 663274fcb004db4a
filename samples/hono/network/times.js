/** Times are minutes since midnight. Undefined when it is none. */
export function parseTime(text) {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  return hours === undefined ? undefined : 60 * Number(hours) + Number(minutes)
}

/** After midnight the hours go on: `24:05`. */
export function formatTime(minute) {
  const two = (number) => `${number}`.padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
