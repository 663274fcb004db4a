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
  expect(renderCompareMarkdown(report, judgements)).toMatchInlineSnapshot(`
    "### prewarm compare

    \`node app.js\` on Node v24.0.0: 3 runs of every arm, 3 rounds of 2 requests each

    - prewarm: the first requests take 0.14 (0.12-0.16) of cold; time lost over 3 rounds 0.08 (0.05-0.10); steady level: no difference.

    - ✅ fail if \`prewarm.firstRequestSumMs/cold > 0.3\`: 0.14 (0.12-0.16)
    - ❌ fail if \`prewarm.timeToListenMs > 3ms\`: 100

    |  | cold | prewarm | prewarm / cold |
    | --- | ---: | ---: | --- |
    | time to listen | 100 ms | 100 ms | x1.00 (1.00-1.00) = |
    | first requests, sum | 42.0 ms | 6.00 ms | x0.14 (0.12-0.16) |
    | p99 of the first 10 rounds | 21.9 ms | 3.90 ms | x0.18 (0.14-0.21) |
    | time lost, first 3 rounds | 39.0 ms | 3.00 ms | x0.08 (0.05-0.10) |
    | first 3, common level | 39.0 ms | 3.00 ms | x0.08 (0.05-0.10) |
    | steady level, per round | 3.00 ms | 3.00 ms | x1.00 (1.00-1.00) = |
    | CPU of the whole run | 900 ms | 900 ms | x1.00 (1.00-1.00) = |
    | memory at the end | 76.3 MiB | 76.3 MiB | x1.00 (1.00-1.00) = |

    | against the baseline | cold | prewarm |
    | --- | --- | --- |
    | time to listen | x1.00 (1.00-1.00) = | x1.00 (1.00-1.00) = |
    | first requests, sum | x1.00 (0.95-1.05) = | x1.00 (0.71-1.40) = |
    | time lost, first 3 rounds | x1.00 (0.95-1.05) = | x1.00 (0.50-2.00) = |
    | steady level, per round | x1.00 (1.00-1.00) = | x1.00 (1.00-1.00) = |

    The baseline is \`main.jsonl\`, measured at another time.

    > [!WARNING]
    > - Intervals over 3 runs hold the true median in 75 % of cases at most.
    > - The steady level is that of the last third of only 3 rounds: the service may still be warming up then.

    Medians over the runs; x0.25 is a quarter of the other arm, in brackets the 95 % interval, = is no difference.
    "
  `)
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
