'use strict'

const { createService } = require('./service')

// systemd has bound the port already, listens on it, and passes it on as the first descriptor after stderr.
const isActivated = process.env.LISTEN_PID === String(process.pid) && process.env.LISTEN_FDS === '1'

const server = createService()
server.listen(isActivated ? { fd: 3 } : { port: Number(process.env.PORT ?? 3000) }, () => {
  process.stdout.write(`${process.pid} is open on http://127.0.0.1:${server.address().port}\n`)
})
