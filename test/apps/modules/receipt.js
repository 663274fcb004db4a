export function receipt(name, total) {
  return `${name}: ${total}\n`
}
