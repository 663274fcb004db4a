// A gRPC server of orders. `/shop.Orders/GetCounts` tells how often its part behind the request has run.
import { Server, ServerCredentials, status } from '@grpc/grpc-js'
import { isRehearsal, recordable, rehearse } from '../../dist/index.js'

const counts = { rehearsed: 0, real: 0, answered: 0 }
const prices = { tea: 3, cake: 5 }
const getOrder = recordable('GetOrder', async ({ id, items }) => {
  counts[isRehearsal() ? 'rehearsed' : 'real']++
  await null
  if (id < 0) throw Object.assign(new Error('no such order'), { code: status.NOT_FOUND })
  return { id, total: items.reduce((sum, item) => sum + prices[item], 0) }
})

const unary = (name) => ({
  path: `/shop.Orders/${name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: toBytes,
  requestDeserialize: fromBytes,
  responseSerialize: toBytes,
  responseDeserialize: fromBytes,
})
function toBytes(message) {
  return Buffer.from(JSON.stringify(message))
}
function fromBytes(bytes) {
  return JSON.parse(bytes.toString())
}

const server = new Server()
server.addService(
  { getOrder: unary('GetOrder'), getCounts: unary('GetCounts') },
  {
    getOrder(call, callback) {
      counts.answered++
      getOrder(call.request).then((order) => callback(null, order), callback)
    },
    getCounts: (_, callback) => callback(null, { ...counts, result }),
  },
)
const result = await rehearse('GetOrder', getOrder)
const address = `127.0.0.1:${process.env.PORT}`
server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error
  console.log(`listening on http://127.0.0.1:${port}`)
})
process.on('SIGTERM', () => server.forceShutdown())
