const step = (value) => (value > 5 ? value - 5 : value + 1)

export function gradient(values) {
  let sum = 0
  for (const value of values) sum += step(value)
  return sum
}
