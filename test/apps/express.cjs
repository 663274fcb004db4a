const express = require('express')

const app = express()
app.get('/', (request, response) => response.json({ ok: true }))
app.get('/users/:id', (request, response) => response.json({ id: request.params.id }))
const server = app.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
