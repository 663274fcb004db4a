import fastify from 'fastify'

const app = fastify()
app.get('/', async () => ({ ok: true }))
app.get('/users/:id', async (request) => ({ id: request.params.id }))
console.log(
  `listening on ${await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })}`,
)
