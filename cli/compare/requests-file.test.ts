import { expect, test } from 'vitest'
import { parseRequests, readRequestsFile } from './requests-file.ts'

test('takes a body as a string or as a JSON value, and names the content type of the latter', () => {
  const text = JSON.stringify([
    { method: 'GET', path: '/a?b=1' },
    { method: 'POST', path: '/text', headers: { 'Content-Type': 'text/plain' }, body: 'hi' },
    { method: 'POST', path: '/json', body: { a: [1] } },
  ])
  expect(parseRequests(text, 'r.json')).toEqual([
    {
      route: 'GET /a',
      method: 'GET',
      path: '/a?b=1',
      headers: {},
      body: null,
      recordedStatus: null,
    },
    {
      route: 'POST /text',
      method: 'POST',
      path: '/text',
      headers: { 'Content-Type': 'text/plain' },
      body: Buffer.from('hi'),
      recordedStatus: null,
    },
    {
      route: 'POST /json',
      method: 'POST',
      path: '/json',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"a":[1]}'),
      recordedStatus: null,
    },
  ])
})

test.each([
  ['{', 'is not JSON'],
  ['{}', 'is not an array'],
  ['[]', 'at least one request'],
  ['[3]', 'r.json[0] is not an object'],
  ['[{"method":"get","path":"/"}]', 'r.json[0].method'],
  ['[{"method":"GET","path":"items"}]', 'r.json[0].path'],
  ['[{"method":"GET","path":"/a b"}]', 'r.json[0].path'],
  ['[{"method":"GET","path":"/","url":"/"}]', 'unknown key "url"'],
  ['[{"method":"GET","path":"/","headers":{"a b":"c"}}]', 'r.json[0].headers.a b'],
  ['[{"method":"GET","path":"/","headers":{"a":1}}]', 'r.json[0].headers.a is not a string'],
])('refuses %s with a coded error that says where', (text, message) => {
  expect(() => parseRequests(text, 'r.json')).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CLI_REQUESTS',
      message: expect.stringContaining(message) as string,
    }),
  )
})

test('a file that does not exist is a coded error', () => {
  expect(() => readRequestsFile('/does/not/exist.json')).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_FMT_UNREADABLE',
      message: 'Cannot read /does/not/exist.json: there is no such file',
      hint: expect.not.stringContaining('[') as string,
    }),
  )
})
