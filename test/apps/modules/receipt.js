import units from './units.json' with { type: 'json' }

export function receipt(name, total) {
  return `${name}: ${total} ${units.money}\n`
}
