import { expect, test } from 'vitest'
import { exampleResults } from '../../formats/fixtures/example-results.ts'
import { outcomeOf } from '../compare/outcome.ts'
import { parseExpression } from '../compare/expression.ts'
import { renderCompareMarkdown } from './compare-markdown.ts'

const subjects = { arms: exampleResults.plan.arms, against: undefined, hasBaseline: true }
const conditions = ['prewarm.firstRequestSumMs/cold > 0.3', 'prewarm.timeToListenMs > 3ms'].map(
  (text) => parseExpression(text, subjects),
)

test('has the verdict, the conditions, the table and the warnings', () => {
  const baseline = { name: 'main.jsonl', kind: 'results', results: exampleResults } as const
  const { report, judgements } = outcomeOf(exampleResults, conditions, baseline)
  expect(renderCompareMarkdown(report, judgements)).toMatchInlineSnapshot()
})

test('nothing that a service is named or asked is markup, or calls somebody', () => {
  const { report } = outcomeOf(exampleResults, [], null)
  const markdown = renderCompareMarkdown(
    {
      ...report,
      app: 'node `a|b`',
      warnings: ['GET /@somebody/<img>|[x](y)*_ is\u001b[31m answered\nwith 500.'],
    },
    [],
  )
  expect(markdown).toContain('`` node `a\u00a6b` ``')
  expect(markdown).toContain(
    '> - GET /@<!-- -->somebody/&lt;img>\\|\\[x\\](y)\\*\\_ is?\\[31m answered?with 500.',
  )
})
