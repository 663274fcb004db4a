const prices = { tea: 3, cake: 5 }

exports.answer = (request, response) => {
  // What the instrument beside it has seen so far.
  if (request.url === '/spans') return response.end(JSON.stringify(globalThis.spans ?? null))
  if (request.url === '/fail') return response.end(String(new Error('here').stack.split('\n')[1]))
  const item = request.url.slice(1)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ item, price: prices[item] ?? null }))
}
