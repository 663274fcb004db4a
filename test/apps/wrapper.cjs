// Starts another application and waits for it, as npm does; it serves nothing itself.
const { spawn } = require('node:child_process')
const path = require('node:path')

const child = spawn(process.execPath, [path.join(__dirname, process.argv[2])], { stdio: 'inherit' })
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code) => process.exit(code))
