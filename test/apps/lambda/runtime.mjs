// As the runtime of Lambda does: loads the handler, then asks for one invocation after the other.
import http from 'node:http'
import { text } from 'node:stream/consumers'

const { AWS_LAMBDA_RUNTIME_API: api, AWS_LAMBDA_FUNCTION_NAME: functionName } = process.env
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
const ask = (method, path, body) =>
  new Promise((resolve, reject) => {
    const url = `http://${api}/2018-06-01/runtime/${path}`
    http.request(url, { method, agent }, resolve).on('error', reject).end(body)
  })

const { handler, counts } = await import('./index.mjs')
console.log(`asking http://${api} ${JSON.stringify(counts)}`)
for (;;) {
  const invocation = await ask('GET', 'invocation/next')
  const { 'lambda-runtime-aws-request-id': id, 'lambda-runtime-deadline-ms': deadline } =
    invocation.headers
  const event = JSON.parse(await text(invocation))
  const context = {
    awsRequestId: id,
    functionName,
    getRemainingTimeInMillis: () => Number(deadline) - Date.now(),
  }
  const [end, value] = await handler(event, context).then(
    (result) => ['response', result],
    ({ name, message }) => ['error', { errorType: name, errorMessage: message }],
  )
  const told = await ask('POST', `invocation/${id}/${end}`, JSON.stringify(value))
  await text(told)
}
