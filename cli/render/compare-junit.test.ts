import { expect, test } from 'vitest'
import { exampleResults } from '../../formats/fixtures/example-results.ts'
import { outcomeOf } from '../compare/outcome.ts'
import { parseExpression } from '../compare/expression.ts'
import { renderCompareJunit } from './compare-junit.ts'

const subjects = { arms: exampleResults.plan.arms, against: undefined, hasBaseline: false }
const conditions = ['prewarm.firstRequestSumMs/cold > 0.3', 'prewarm.timeToListenMs > 3ms'].map(
  (text) => parseExpression(text, subjects),
)

test('every condition is a test case that fails when it holds, every verdict one that does not', () => {
  const { report, judgements } = outcomeOf(exampleResults, conditions, null)
  expect(renderCompareJunit(report, judgements)).toMatchInlineSnapshot()
})

test('nothing breaks out of the XML', () => {
  const { report } = outcomeOf(exampleResults, [], null)
  const xml = renderCompareJunit(
    { ...report, app: 'a"<b>&\u0000\u001b\ud800', verdict: 'x"<: y]]>' },
    [],
  )
  expect(xml).toContain('<system-out>a&quot;&lt;b&gt;&amp;\ufffd\ufffd\ufffd on Node')
  expect(xml).toContain('name="x&quot;&lt;" time="0"><system-out>x&quot;&lt;: y]]&gt;<')
})

test('one arm has no verdict', () => {
  const { report } = outcomeOf(exampleResults, [], null)
  expect(renderCompareJunit({ ...report, ratios: [] }, [])).toContain('tests="0"')
})
