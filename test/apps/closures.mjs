// Hot functions in the places where closures hide: module scopes, classes, maps, factories; in ES modules only.
import { createServer } from 'node:http'
import { gradient } from './closures-lib.mjs'

const weights = Array.from({ length: 64 }, (_, index) => (index * 37) % 11)

function dot(left, right) {
  let sum = 0
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index]
  return sum
}

class Model {
  #scale = 3

  score(input) {
    return dot(input, weights) / this.#scale
  }
}

// Whoever only looks around must run neither.
const fail = () => process.stderr.write('somebody looked\n')
const lazy = {
  get value() {
    return fail()
  },
}
const watched = new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail, has: fail })

const models = new Map([['plain', new Model()]])

const server = createServer((request, response) => {
  const input = weights.map((weight, index) => weight + index + request.url.length)
  let score = 0
  for (let turn = 0; turn < 40; turn++) score += models.get('plain').score(input) + gradient(input)
  response.end(`${score} ${typeof lazy} ${typeof watched}\n`)
}).listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
