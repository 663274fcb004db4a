/**
 * Preloaded into every start, with or without prewarm: when the first TCP port of the process opens, it writes what that took to
 * `LOAD_MARK_FILE`. Other servers come later, and sockets and pipes without a port serve nobody outside; neither counts.
 */
'use strict'
const { renameSync, writeFileSync } = require('node:fs')
const net = require('node:net')

/** So long a start that fills caches stays, since they are written at its end or a while after the port has opened, ms. */
const stayMs = 3000

const { LOAD_MARK_FILE: file, LOAD_MARK_THEN: then } = process.env
// Processes and threads that the service starts inherit the preload.
delete process.env.LOAD_MARK_FILE
delete process.env.LOAD_MARK_THEN

if (file !== undefined) {
  let isMarked = false
  const { listen } = net.Server.prototype
  net.Server.prototype.listen = function (...args) {
    this.prependOnceListener('listening', () => {
      const { port } = this.address() ?? {}
      if (isMarked || port === undefined) return
      isMarked = true
      mark(port)
    })
    return listen.apply(this, args)
  }
}

function mark(port) {
  const timeToListenMs = performance.now()
  const { user, system } = process.cpuUsage()
  const rssAtListenBytes = process.memoryUsage.rss()
  const cpuToListenMs = (user + system) / 1000
  const draft = `${file}.draft`
  writeFileSync(draft, JSON.stringify({ port, timeToListenMs, cpuToListenMs, rssAtListenBytes }))
  renameSync(draft, file)
  // A measured start must not leave anything behind in a cache, as an exit would.
  if (then === 'die') process.kill(process.pid, 'SIGKILL')
  if (then === 'exit') setTimeout(() => process.exit(0), stayMs)
}
