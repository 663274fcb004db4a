import { rounded } from './rounding.js'

export const decimals = 2

export function total(prices, rates) {
  return rounded(prices.reduce((sum, price) => sum + price, 0) * (1 + rates.tax()))
}
