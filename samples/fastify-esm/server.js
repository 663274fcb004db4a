import { createApp } from './app.js'

const app = createApp()
const port = Number(process.env.PORT ?? 3000)
process.stdout.write(`stations listening on ${await app.listen({ port, host: '127.0.0.1' })}\n`)

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => app.close())
