import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { entropyOf, findRandomToken } from './entropy.ts'

const find = (text: string): number => findRandomToken(text, (inside) => inside.includes('hush'))

/** Bytes that look like chance and are the same in each run. */
function randomBytes(count: number, seed: number): Buffer {
  const chunks = [0, 1, 2].map((part) => createHash('sha256').update(`${seed} ${part}`).digest())
  return Buffer.concat(chunks).subarray(0, count)
}

function spelt(alphabet: string, length: number, seed: number): string {
  return Array.from(
    randomBytes(length, seed),
    (byte) => alphabet[byte % alphabet.length] ?? '',
  ).join('')
}

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const small = capitals.toLowerCase()
const digits = '0123456789'

it('measures entropy in bits a character', () => {
  expect(entropyOf('aaaa')).toBeCloseTo(0)
  expect(entropyOf('abcd')).toBeCloseTo(2)
  expect(entropyOf('0123456789abcdef')).toBeCloseTo(4)
})

describe('random credentials', () => {
  it.each<[string, number, (seed: number) => string]>([
    ['24 digits of base64url', 0.95, (seed) => randomBytes(18, seed).toString('base64url')],
    ['32 digits of base64url', 0.97, (seed) => randomBytes(24, seed).toString('base64url')],
    ['43 digits of base64url', 0.98, (seed) => randomBytes(32, seed).toString('base64url')],
    ['40 digits of base64', 0.96, (seed) => randomBytes(30, seed).toString('base64')],
    ['88 digits of base64', 0.99, (seed) => randomBytes(64, seed).toString('base64')],
    ['32 letters and digits', 0.96, (seed) => spelt(capitals + small + digits, 32, seed)],
    ['32 small letters and digits', 0.95, (seed) => spelt(small + digits, 32, seed)],
    ['a seed of one-time passwords', 0.75, (seed) => spelt(`${capitals}234567`, 32, seed)],
    ['48 digits of hexadecimal', 1, (seed) => randomBytes(24, seed).toString('hex')],
  ])('%s are found in at least a share of %d', (_kind, share, make) => {
    const seeds = Array.from({ length: 1000 }, (_, seed) => seed)
    const found = seeds.filter((seed) => find(`/a?page=1&q=${make(seed)}&sort=name`) >= 12)
    expect(found.length / seeds.length).toBeGreaterThanOrEqual(share)
  })

  it('are found within other texts, at their place', () => {
    const token = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
    expect(find(`{"note":"see ${token}"}`)).toBe(13)
    expect(find(`/v1/hooks/Zk3vQ8rT1xW9bN5mL2pY7cD4/run`)).toBe(10)
  })

  it('are told by what is in them when they are base64 of a text', () => {
    const inside = (text: string): string => Buffer.from(text).toString('base64')
    expect(find(`/a?cursor=${inside('{"id":123456,"at":"2026-01-01"}')}`)).toBe(-1)
    expect(find(`/a?cursor=${inside('{"id":123456,"at":"hush"}')}`)).toBe(10)
  })
})

describe('what requests hold every day', () => {
  it.each([
    '/products/0f8fad5b-d9cb-469f-a165-70867728950e/reviews?page=2',
    '/orders/507f1f77bcf86cd799439011?expand=items,customer.address',
    '/commits/da39a3ee5e6b4b0d3255bfef95601890afd80709',
    '/blobs/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '/avatar/d41d8cd98f00b204e9800998ecf8427e?s=200&d=identicon',
    '/events/01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '/users/cjld2cjxh0000qzrmn831i7rn',
    '/files/0ujsswThIGTUYm2K8FjOOfXtY1K',
    '/users/user_01h455vb4pex5vsknk084sn02q',
    '/payments/pi_3MtwBwLkdIwHu7ix28a3tqPa',
    '/watch?v=dQw4w9WgXcQ&t=42s',
    '/blog/2026/01/how-we-made-node-20-start-3-times-faster-than-node-18-on-arm64',
    '/p/Samsung-Galaxy-S24-Ultra-256GB-Titanium-Black-SM-S928BZKGEUB',
    '/iphone-15-pro-max-256gb-blue-titanium-a3106-dual-sim-5g-unlocked',
    '/search?q=how+to+configure+postgresql+connection+pooling+with+pgbouncer',
    '/landing?utm_source=newsletter&utm_campaign=SpringSale2026_EMEA_Wave2_Returning',
    '/landing?gclid=EAIaIQobChMI7v6Zv5fH_gIVkJ_VCh1pZwYREAAYASAAEgKX5vD_BwE',
    '/static/js/main.9f8e7d6c5b4a39281706.chunk.js',
    '/_next/static/chunks/framework-2c79e2a64abdb08b.js',
    '/assets/index-BkX93jd2.js',
    '/calendar?from=2026-01-01T00:00:00.000Z&to=2026-12-31T23:59:59.999Z',
    '/map?bbox=13.0884,52.3382,13.7612,52.6755&zoom=11',
    '/graphql?operationName=GetProductDetailsWithReviewsAndRecommendationsV2',
    '/a?extensions={"persistedQuery":{"version":1,"sha256Hash":"ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"}}',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    '<script integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8KuxyrX9Xv0kZc4z0nYh5E5yR4yX3m2t1Q">',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'Root=1-67891233-abcdef012345678912345678',
    '{"sku":"TSHIRT-BLK-XL-2026-0042","ean":"4006381333931","iban_country":"DE"}',
    '{"createdAt":"2026-01-15T09:30:00.000Z","shippingAddressLine1":"Example Street 12"}',
    '{"XMLHttpRequestEventTarget":"convertUtf8ToLatin1","isDefaultShippingAddress2":true}',
  ])('%s is no credential', (text) => {
    expect(find(text)).toBe(-1)
  })
})

// What takes quadratic time is not done with a megabyte before the timeout.
it.each(['a', 'A1', '-', '/', '0', 'aB3', 'a/B3', '=', 'f0-'])(
  'a megabyte of %s is searched',
  (part) => {
    expect(find(part.repeat(1_000_000 / part.length))).toBe(-1)
  },
)
