'use strict'

const { createService } = require('./service')

// Any number of processes of one user may listen on the port; the kernel shares new connections out among them.
// Needs Node 22.12 or 23.1 and Linux. Node 20 does not know the option: the second process gets EADDRINUSE.
const server = createService()
server.listen({ port: Number(process.env.PORT ?? 3000), reusePort: true }, () => {
  // Whoever has started this process may now end the old one.
  process.stdout.write(`${process.pid} is open on http://127.0.0.1:${server.address().port}\n`)
})
