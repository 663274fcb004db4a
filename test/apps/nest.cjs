// NestJS without a TypeScript build: decorators are plain functions.
require('reflect-metadata')
const { Controller, Get, Module, Param } = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')

class UsersController {
  home() {
    return { ok: true }
  }
  user(id) {
    return { id }
  }
}
const decorate = (name, decorator) =>
  decorator(
    UsersController.prototype,
    name,
    Object.getOwnPropertyDescriptor(UsersController.prototype, name),
  )
Controller()(UsersController)
decorate('home', Get('/'))
decorate('user', Get('/users/:id'))
Param('id')(UsersController.prototype, 'user', 0)

class AppModule {}
Module({ controllers: [UsersController] })(AppModule)

NestFactory.create(AppModule, { logger: false }).then(async (app) => {
  await app.listen(Number(process.env.PORT), '127.0.0.1')
  console.log(`listening on ${await app.getUrl()}`)
})
