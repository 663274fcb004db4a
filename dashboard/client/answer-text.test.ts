import { expect, test } from 'vitest'
import { parseAnswer } from './answer-text.ts'

test('a name in an answer turns around nothing that stands beside it', () => {
  const answer = { arm: 'a\u202e\u2066b', route: 'GET /\u05d0', ms: 1.5 }
  expect(parseAnswer(JSON.stringify(answer))).toEqual({ ...answer, arm: 'a\ufffd\ufffdb' })
})
