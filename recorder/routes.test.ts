import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { patternOf, routeOf, targetOf } from './routes.ts'

it.each([
  ['/', '/'],
  ['/users/42', '/users/:id'],
  ['/users/42/orders/507f1f77bcf86cd799439011', '/users/:id/orders/:id'],
  ['/files/3f2504e0-4f89-41d3-9a0c-0305e82c3301', '/files/:id'],
  ['/help/shipping-and-returns', '/help/shipping-and-returns'],
  ['/v2/users', '/v2/users'],
  ['/books:search/@scope/a.js', '/books:search/@scope/a.js'],
  ['/verify/eyJhbGciOiJI.eyJzdWIi.c2ln', '/verify/:id'],
  ['/reset/kJ8dhGFDsaQWErtyUIOp', '/reset/:id'],
  ['/cart;jsessionid=abc/items', '/cart/items'],
  ['/login/password:hunter', '/login/:id'],
])('%s is %s', (path, pattern) => {
  expect(patternOf(path)).toBe(pattern)
})

it('takes the pattern of Express where there is one, with what it is mounted on', () => {
  const request = (parts: object): IncomingMessage => parts as IncomingMessage
  expect(routeOf(request({ url: '/7', baseUrl: '/api/users', route: { path: '/:id' } }))).toBe(
    '/api/users/:id',
  )
  expect(routeOf(request({ url: '/', baseUrl: '/t/12345', route: { path: '/a' } }))).toBe(
    '/t/:id/a',
  )
  expect(routeOf(request({ url: '/', baseUrl: '/graphql', route: { path: '/' } }))).toBe('/graphql')
  expect(routeOf(request({ url: '/', baseUrl: '', route: { path: '/' } }))).toBe('/')
  expect(routeOf(request({ url: '/items/9?x=1' }))).toBe('/items/:id')
  expect(targetOf(request({ url: '/9', originalUrl: '/items/9?x=1' }))).toBe('/items/9?x=1')
})
