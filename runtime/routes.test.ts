import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { frameworkRouteOf, patternOf, targetOf } from './routes.ts'
import { SecretNames } from './secrets.ts'
import { Segments } from './segments.ts'

const segments = new Segments(new SecretNames(['tenant']))

it.each([
  ['/', '/'],
  ['*', '*'],
  ['/users/42', '/users/:id'],
  ['/users/42?page=2', '/users/:id'],
  ['/users/42#a', '/users/:id'],
  ['/users/42/orders/507f1f77bcf86cd799439011', '/users/:id/orders/:id'],
  ['/files/3f2504e0-4f89-41d3-9a0c-0305e82c3301', '/files/:id'],
  ['/files/abcdefab-cdef-abcd-efab-cdefabcdefab', '/files/:id'],
  ['/help/shipping-and-returns', '/help/shipping-and-returns'],
  ['/help//shipping/', '/help//shipping/'],
  ['/v2/users', '/v2/users'],
  ['/books:search/@scope/a.js', '/books:search/@scope/a.js'],
  [`/texts/${'a'.repeat(64)}`, `/texts/${'a'.repeat(64)}`],
  [`/texts/${'a'.repeat(65)}`, '/texts/:id'],
  ['/verify/eyJhbGciOiJI.eyJzdWIi.c2ln', '/verify/:id'],
  ['/reset/kJ8dhGFDsaQWErtyUIOp', '/reset/:id'],
  ['/reset/kJdhGFDsaQWErtyUIOp', '/reset/:id'],
  ['/verify/email/aB.cD', '/verify/email/:id'],
  ['/products/verify', '/products/verify'],
  ['/cart;jsessionid=abc/items', '/cart/items'],
  ['/login/password:hunter', '/login/:id'],
  ['/login/tenant:hunter', '/login/:id'],
  ['/ann:hunter@host', '/:id'],
])('%s is %s', (path, pattern) => {
  expect(patternOf(path, segments)).toBe(pattern)
  // Now from memory.
  expect(patternOf(path, segments)).toBe(pattern)
})

it('gives the same pattern after more paths than it can remember', () => {
  const word = (number: number): string =>
    number.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)))
  for (let index = 0; index < 5000; index++) {
    const path = `/products/shoes-${word(index)}`
    expect(patternOf(path, segments)).toBe(path)
  }
  expect(patternOf('/reset/kJdhGFDsaQWErtyUIOp', segments)).toBe('/reset/:id')
})

it('takes the pattern of Express where there is one, with what it is mounted on', () => {
  const request = (parts: object): IncomingMessage => parts as IncomingMessage
  const routeOf = (parts: object): string | undefined => frameworkRouteOf(request(parts), segments)
  expect(routeOf({ url: '/7', baseUrl: '/api/users', route: { path: '/:id' } })).toBe(
    '/api/users/:id',
  )
  expect(routeOf({ url: '/', baseUrl: '/t/12345', route: { path: '/a' } })).toBe('/t/:id/a')
  expect(routeOf({ url: '/', baseUrl: '/graphql', route: { path: '/' } })).toBe('/graphql')
  expect(routeOf({ url: '/', baseUrl: '', route: { path: '/' } })).toBe('/')
  expect(routeOf({ url: '/items/9?x=1' })).toBeUndefined()
  expect(targetOf(request({ url: '/9', originalUrl: '/items/9?x=1' }))).toBe('/items/9?x=1')
})
