// What Node strips, tsx and ts-node compile alike: CommonJS by the name of its package.
const { createServer } = require('node:http') as typeof import('node:http')
const { total } = require('./cart.ts') as { total(lines: readonly object[]): number }

interface Failure {
  readonly url: string | undefined
}

function fail({ url }: Failure): never {
  throw new Error(`no ${url}`)
}

const server = createServer((request, response) => {
  if (request.url === '/stack') {
    try {
      fail(request satisfies Failure)
    } catch (error) {
      response.end((error as Error).stack)
    }
    return
  }
  const lines = Array.from({ length: 200 }, (_, at: number) => ({ price: at, count: at % 3 }))
  let sum: number = 0
  for (let turn = 0; turn < 50; turn++) sum += total(lines)
  response.end(`${sum}\n`)
})

server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  console.log(`listening on http://127.0.0.1:${port}`)
})
