import { describe, expect, it } from 'vitest'
import { hasSecret, hasTokenShape, SecretNames } from './secrets.ts'

const names = new SecretNames(['customerNumber'])
const key = 'aB3dE5gH7jK9mN1pQ2sT4v'
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
    ...['pw', 'pincode', 'mfa_code', 'smsCode', 'recoveryCode', 'passkey', 'privKey', 'dsn'],
    ...['connectionString', 'mnemonic', 'ticket', 'card[number]', 'card_num'],
    ...['rate_limit_api_key', 'rate_limit_token', 'min_password', 'X-Max-Auth-Token', 'limit_pass'],
    ...['session_num', 'limits[max][token]'],
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
    ...['maxOutputTokens', 'max_completion_tokens', 'num_tokens', 'max_tokens[0]', 'token_limit'],
    ...['X-Max-Password-Length', 'tickets', 'ticket_id', 'cardinality', 'zipcode', 'X-Rate-Limit'],
  ])('%s is an ordinary name', (name) => {
    expect(names.has(name)).toBe(false)
  })
})

describe('texts', () => {
  it.each([
    'Bearer abc',
    `Basic ${btoa('ann:hunter2')}`,
    `basic information, and then Basic ${btoa('ann:hunter2')}`,
    `Basic%20${btoa('a:b')}`,
    `AIza${'a'.repeat(35)}`,
    ...['sk_test_', 'sk_live_', 'rk_live_', 'sk-proj-', 'sk-'].map((start) => start + key),
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
    'Basic plan',
    'basic information about authentication',
    '/sk-bratislava-old-town-hotels',
    'sk-SK,sk;q=0.9',
    'task_live_from_the_stadium',
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

  // What takes quadratic time is not done with a megabyte before the timeout.
  it.each([
    ['one word', 'a'],
    ['names', 'password '],
    ['encoded', '%25'],
    ['tokens', 'eyJaaaaaaaa'],
    ['starts of tokens', 'eyJ'],
    ['dots', 'eyJ.'],
    ['slashes', '//a'],
    ['users', '//a:'],
    ['colons', ':'],
    ['schemes', 'basic '],
    ['a document', '{$a:a'],
    ['comments', '{#'],
    ['capitals', 'A'],
    ['spaces', ' '],
  ])('searches a megabyte: %s', (_name, part) => {
    const text = part.repeat(1_000_000 / part.length)
    for (const whole of [text, `{${text}`, `a${text}=`, `{$a:${text}=`]) hasSecret(whole, names)
  })

  it('searches what looks like the start of a token at every place', () => {
    expect(hasTokenShape('eyJ'.repeat(30_000_000))).toBe(false)
  })
})
