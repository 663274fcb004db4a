const http = require('node:http')

const server = http.createServer((request, response) => response.end('served'))
server.listen(process.env.SOCKET, () => console.log('listening on http://unix/'))
