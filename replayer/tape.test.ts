import { describe, expect, it } from 'vitest'
import type { Exchange } from '../formats/profile.ts'
import { Tape } from './tape.ts'

/** A tape of GET answers, whose bodies are their numbers. */
function tapeOf(...urls: readonly string[]): Tape {
  const exchange: Exchange = {
    ...{ route: 0, exemplar: 0, method: 'GET', url: '', status: 200, headers: [] },
    body: Buffer.alloc(0),
  }
  return new Tape(urls.map((url, number) => ({ ...exchange, url, body: Buffer.from([number]) })))
}

/** Numbers of the answers to calls one after the other; undefined: there is none. */
function ask(tape: Tape, ...urls: readonly string[]): (number | undefined)[] {
  return urls.map((url) => tape.find('GET', url)?.body[0])
}

describe('an outbound call', () => {
  it('is answered by what was recorded for its method, path and query keys', () => {
    const tape = tapeOf('http://a/items?page=1&size=2')
    expect(ask(tape, 'http://a/items?size=9&page=7')).toEqual([0])
    const others = ['http://a/items', 'http://a/items?page=1', 'http://a/items?page=1&size=2&x=3']
    expect(ask(tape, ...others, 'http://a/item?page=1&size=2')).toEqual(Array(4).fill(undefined))
    expect(tape.find('HEAD', 'http://a/items?page=1&size=2')).toBeUndefined()
  })

  it('may go to another host than in staging', () => {
    const tape = tapeOf('https://api.staging.example:8443/items')
    expect(ask(tape, 'http://api.example/items', 'https://API.example/items')).toEqual([0, 0])
  })

  it('prefers the same host to the same query, and that to the order', () => {
    const tape = tapeOf('http://a/x?p=1', 'http://a/x?p=2', 'http://b/x?p=1')
    expect(ask(tape, 'http://b/x?p=2')).toEqual([2])
    expect(ask(tape, 'http://a/x?p=2', 'http://a/x?p=2', 'http://a/x?p=1')).toEqual([1, 1, 0])
    expect(ask(tape, 'http://c/x?p=2')).toEqual([1])
  })

  it('gets the answers to equal calls in their order, and the last one again', () => {
    const tape = tapeOf('http://a/poll', 'http://a/poll', 'http://a/other')
    const polls = ['http://a/poll', 'http://a/poll', 'http://a/poll']
    expect(ask(tape, ...polls)).toEqual([0, 1, 1])
    tape.reset()
    expect(ask(tape, ...polls)).toEqual([0, 1, 1])
  })

  it('has something where a secret was', () => {
    const tape = tapeOf(
      'http://a/reset/redacted/form',
      'http://a/login?token=redacted&step=1',
      'http://a/search?redacted&page=1',
    )
    expect(ask(tape, 'http://b/reset/kJ8dhGFD/form')).toEqual([0])
    expect(ask(tape, 'http://a/reset/form', 'http://a/reset/x/y/form')).toEqual([
      undefined,
      undefined,
    ])
    expect(ask(tape, 'http://a/login?step=1&token=s3cret')).toEqual([1])
    expect(ask(tape, 'http://a/search?sk_live_1=2&page=1', 'http://a/search?page=1')).toEqual([
      2,
      undefined,
    ])
  })

  it('is compared without what the recorder leaves out of paths', () => {
    expect(ask(tapeOf('http://a/cart/items'), 'http://a/cart;jsessionid=1/items#top')).toEqual([0])
  })

  it('to the root is one like any other', () => {
    expect(ask(tapeOf('http://a/', 'http://a/?q=1'), 'http://b/?q=1', 'http://b/')).toEqual([1, 0])
  })
})
