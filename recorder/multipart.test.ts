import { describe, expect, it } from 'vitest'
import { readParts } from './multipart.ts'
import { Redactor } from './redact.ts'

const redactor = new Redactor([])
const type = 'multipart/form-data; boundary="-- a?b"'

/** A body of parts, each the lines of its head and its content. */
function form(...parts: readonly (readonly [head: string, content: string | Buffer])[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(([head, content]) => [
      Buffer.from(`---- a?b\r\n${head}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('---- a?b--\r\n'),
  ])
}
const field = (name: string): string => `Content-Disposition: form-data; name="${name}"`
const file = (name: string, filename: string, contentType: string): string =>
  `${field(name)}; filename="${filename}"\r\nContent-Type: ${contentType}`

const redact = (body: Buffer): string | undefined =>
  redactor.redactBody(body, type)?.toString('latin1')

describe('multipart forms', () => {
  it('stay as they are when there is nothing to hide', () => {
    const body = form(
      [field('title'), 'Größe'],
      [field('empty'), ''],
      [file('notes', 'a "b".txt'.replaceAll('"', String.raw`\"`), 'text/plain'), 'one\r\n--two'],
      [file('data', 'a.json', 'application/json'), '{"a":1}'],
    )
    expect(redactor.redactBody(body, type)?.equals(body)).toBe(true)
    expect(readParts(body, type)?.map(({ name, filename }) => [name, filename])).toEqual([
      ['title', undefined],
      ['empty', undefined],
      ['notes', 'a "b".txt'],
      ['data', 'a.json'],
    ])
  })

  it.each([
    ['a field by its name', [field('card[cvc]'), '123']],
    ['a field by its shape', [field('note'), 'Bearer abcdef']],
    ['a file by its name', [file('token', 'a.txt', 'text/plain'), 'abc']],
    ['a file by what is in it', [file('env', 'a.txt', 'text/plain'), 'A=1\nDB_PASSWORD=abc']],
    ['a file that is no text', [file('photo', 'a.png', 'image/png'), Buffer.from([0x89, 0, 1])]],
    ['a long file', [file('log', 'a.log', 'text/plain'), 'a line\n'.repeat(3000)]],
  ] as const)('lose the content of %s', (_what, part) => {
    expect(redact(form([field('page'), '1'], part))).toBe(
      form([field('page'), '1'], [part[0], 'redacted']).toString('latin1'),
    )
  })

  it('lose secrets in JSON, and headers that are not theirs', () => {
    const head = `${field('order')}\r\nContent-Type: application/json`
    expect(redact(form([`${head}\r\nX-Trace: 1`, '{"pwd":"x","a":1}']))).toBe(
      form([head, '{"pwd":"redacted","a":1}']).toString('latin1'),
    )
  })

  it.each([
    ['without their end', form([field('a'), '1']).subarray(0, -6)],
    ['with something before them', Buffer.concat([Buffer.from('x'), form([field('a'), '1'])])],
    ['with a part without a name', form(['Content-Disposition: form-data', '1'])],
    ['with a part that is no field', form(['Content-Type: text/plain', '1'])],
    [
      'with a part that is encoded',
      form([`${field('a')}\r\nContent-Transfer-Encoding: base64`, 'YQ==']),
    ],
    ['with a secret in a head', form([file('a', 'token=abc.txt', 'text/plain'), '1'])],
    ['with parameters that cannot be read', form([`${field('a')}; x="`, '1'])],
  ])('are dropped %s', (_what, body) => {
    expect(redactor.redactBody(body, type)).toBeUndefined()
  })

  it('are dropped without a boundary', () => {
    expect(redactor.redactBody(form([field('a'), '1']), 'multipart/form-data')).toBeUndefined()
  })
})
