import { expect, test } from 'vitest'
import { commandWords } from './command-words.ts'

test.each([
  ['node app.js', ['node', 'app.js']],
  ['  node\t--max-old-space-size=64   app.js ', ['node', '--max-old-space-size=64', 'app.js']],
  [`sh -c 'echo "a b"; node app.js'`, ['sh', '-c', 'echo "a b"; node app.js']],
  [`"C:\\Program Files\\node.exe" app.js`, ['C:\\Program Files\\node.exe', 'app.js']],
  [`node --title='a b'"c" ''`, ['node', '--title=a bc', '']],
  ['', []],
])('splits %j', (text, words) => {
  expect(commandWords(text)).toEqual(words)
})

test('a quote that is not closed is no command', () => {
  expect(commandWords(`node "app.js`)).toBeUndefined()
  expect(commandWords(`node it's`)).toBeUndefined()
})
