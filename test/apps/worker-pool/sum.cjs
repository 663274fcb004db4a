exports.sum = (n) => {
  let total = 0
  for (let each = 1; each <= n; each++) total += each
  return total
}
