exports.tax = function tax() {
  return percent(20)
}

function percent(value) {
  return value / 100
}
