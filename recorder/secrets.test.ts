import { describe, expect, it } from 'vitest'
import { hasSecret, SecretNames } from './secrets.ts'

const names = new SecretNames(['customerNumber'])
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'

describe('names', () => {
  it.each([
    ...['Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie', 'api-key', 'apikey'],
    ...['X-Api-Key', 'X-Access-Token', 'X-Amz-Security-Token', 'Private-Token', 'X-Auth-Key'],
    ...['X-Forwarded-Client-Cert', 'X-Hub-Signature', 'X-Hub-Signature-256', 'X-CSRF-Token'],
    ...['Cf-Access-Jwt-Assertion', 'Ocp-Apim-Subscription-Key', 'X-Amz-Credential', 'PHPSESSID'],
    ...['X-Amz-Signature', 'pwd', 'pass', 'passphrase', '_csrf', 'tokens', 'token[0]', 'secretKey'],
    ...['accessKey', 'AWSAccessKeyId', 'cvc', 'SAMLResponse', 'user[password]', 'password_confirm'],
    ...['accesstoken', 'clientsecret', 'newPassword2', 'id_token_hint', 'session', 'sessionId'],
    ...['JSESSIONID', 'connect.sid', 'code', 'auth', 'oauth_verifier', 'otp', 'card_number'],
    ...['customer-number', 'CUSTOMERNUMBER', 'access_key', 'user_pass', 'dbPwd'],
  ])('%s is the name of a secret', (name) => {
    expect(names.has(name)).toBe(true)
  })

  it.each([
    ...['query', 'page', 'sort', 'category', 'maxPrice', 'key', 'keyword', 'keys', 'monkey'],
    ...['passenger', 'passengers', 'passive', 'author', 'authors', 'authority', 'sessions'],
    ...[
      'sortKey',
      'primaryKey',
      'countryCode',
      'postal_code',
      'barcode',
      'tokenizer',
      'max_tokens',
    ],
    ...['tokenCount', 'passwordLength', 'secretary', 'design', 'assignee', 'signal', 'spin'],
    ...['pinned', 'side', 'inside', 'opinion', 'Idempotency-Key', 'Sec-WebSocket-Key', 'Host'],
    ...['User-Agent', 'Accept', 'Accept-Encoding', 'Content-Type', 'Content-Length', 'Origin'],
    ...['X-Request-Id', 'traceparent', 'If-None-Match', 'X-Forwarded-Proto', 'Cache-Control'],
    ...['operationName', 'variables', 'customer', 'id', 'name', 'email', '', 'x'],
  ])('%s is an ordinary name', (name) => {
    expect(names.has(name)).toBe(false)
  })
})

describe('texts', () => {
  it.each([
    'Bearer abc',
    jwt,
    `x_${jwt}`,
    'password=S',
    'the password : S',
    '{"password":"S"',
    String.raw`{\"password\":\"S\"}`,
    'https://a.example/?token=S',
    'https%3A%2F%2Fa.example%2F%3Ftoken%3DS',
    'https%253A%252F%252Fa.example%252F%253Ftoken%253DS',
    'https://ann:S@a.example/',
    '%25252525252525',
    'mutation { login(password: "S") { id } }',
    'mutation { login(password # why\n : "S") { id } }',
    '{ login(note: "#", password: "S") { id } }',
    '{ login(pin: 1234) { id } }',
    '{ login(credentials: { a: "S" }) { id } }',
    '{ login(note: "password=S") { id } }',
    'query ($password: String! = "S") { login(password: $password) { id } }',
  ])('%s has a secret', (text) => {
    expect(hasSecret(text, names)).toBe(true)
  })

  it.each([
    'bearing',
    'page=1&sort=name',
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    '"Chromium";v="128", "Not:A-Brand";v="24"',
    'https://a.example:8080/?q=token',
    '100 % sure %zz',
    'forgot my password',
    'query ($id: ID!, $password: String!) { login(id: $id, password: $password) { token } }',
    'mutation Pay($cards: [CardInput!]!, $token: Token) { pay(cards: $cards, token: $token) { id } }',
    '{ products(first: 10, after: "x") { id name: title } }',
  ])('%s has none', (text) => {
    expect(hasSecret(text, names)).toBe(false)
  })

  it.each([
    ['one word', 'a'.repeat(65_536)],
    ['names', 'password '.repeat(7000)],
    ['encoded', '%25'.repeat(20_000)],
    ['tokens', 'eyJaaaaaaaa'.repeat(6000)],
    ['spaces', `a${' '.repeat(65_000)}a${' '.repeat(500)}`],
    ['slashes', '//a'.repeat(20_000)],
    ['a document', `{${'$a:a'.repeat(16_000)}`],
    ['a long type', `{$a:${'a'.repeat(65_000)}=`],
    ['capitals', 'A'.repeat(65_536) + '='],
  ])('takes little time for the longest body: %s', (_name, text) => {
    const start = performance.now()
    hasSecret(text, names)
    expect(performance.now() - start).toBeLessThan(1500)
  })
})
