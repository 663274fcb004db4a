const { default: Koa } = require('koa')

const app = new Koa()
app.use((context) => {
  context.body = { path: context.path }
})
const server = app.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
