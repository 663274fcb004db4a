import { decimals } from './cart.js'

export function rounded(value) {
  return value.toFixed(decimals)
}
