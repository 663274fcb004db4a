interface Line {
  readonly price: number
  readonly count: number
}

export function total(lines: readonly Line[], taxes: number = 0.2): number {
  let sum: number = 0
  for (const { price, count } of lines) sum += price * count
  return Math.round(sum * (1 + taxes))
}
