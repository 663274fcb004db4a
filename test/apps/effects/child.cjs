// What processes.mjs starts.
const fs = require('node:fs')
const http = require('node:http')

const [task, file] = process.argv.slice(2)
if (task === 'mark') fs.writeFileSync(file, '')
if (task === 'wait') {
  // Until it is killed: without a listener the channel would let it end.
  process.on('message', ignore)
  process.once('message', async (message) => {
    const allowed = await observe(
      () => void process.send('not the answer yet', undefined, {}, ignore),
    )
    const refused = await observe(() => process.send('never'), { refuse: true })
    process.send({ message, allowed, refused })
  })
  process.send('ready')
}
if (task === 'listen') {
  observe(
    () => new Promise((resolve) => http.createServer().listen(0, '127.0.0.1', () => resolve())),
  ).then((observed) => process.send(observed))
}

function ignore() {}
