/** What keys do on a chart. */
export type CurveCommand =
  | 'zoom in'
  | 'zoom out'
  | 'show all'
  | 'read left'
  | 'read right'
  | 'move left'
  | 'move right'
  | 'read first'
  | 'read last'
  | 'read nothing'

const commands: ReadonlyMap<string, CurveCommand> = new Map([
  ['+', 'zoom in'],
  ['=', 'zoom in'],
  ['-', 'zoom out'],
  ['0', 'show all'],
  ['ArrowLeft', 'read left'],
  ['ArrowRight', 'read right'],
  ['Shift+ArrowLeft', 'move left'],
  ['Shift+ArrowRight', 'move right'],
  ['Home', 'read first'],
  ['End', 'read last'],
  ['Escape', 'read nothing'],
])

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** undefined: the key is the browser's. */
export function curveCommand(event: Pressed): CurveCommand | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event
  if (ctrlKey || metaKey || altKey) return undefined
  // Where plus takes Shift it is no other key.
  return (shiftKey ? commands.get(`Shift+${key}`) : undefined) ?? commands.get(key)
}
