// With --import, Node 20 has its ES module loader open the entry, which knows nothing of what ts-node registers.
require('./server.ts')
