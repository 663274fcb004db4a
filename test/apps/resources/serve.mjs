// Listens, and prints where.
export function serve(server) {
  server.listen(Number(process.env.PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`)
  })
}
