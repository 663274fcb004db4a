// Changes its working folder before it serves.
const os = require('node:os')

process.chdir(os.tmpdir())
require('./bare.cjs')
