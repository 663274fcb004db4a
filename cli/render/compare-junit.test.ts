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
  expect(renderCompareJunit(report, judgements)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="prewarm compare" tests="3" failures="1" errors="0" skipped="0" time="0">
      <testsuite name="prewarm compare" tests="3" failures="1" errors="0" skipped="0" time="0">
        <testcase classname="prewarm.fail-if" name="prewarm.firstRequestSumMs/cold &gt; 0.3" time="0"><system-out>0.14 (0.12-0.16)</system-out></testcase>
        <testcase classname="prewarm.fail-if" name="prewarm.timeToListenMs &gt; 3ms" time="0"><failure message="found 100" type="fail-if"/></testcase>
        <testcase classname="prewarm.verdict" name="prewarm" time="0"><system-out>prewarm: the first requests take 0.14 (0.12-0.16) of cold; time lost over 3 rounds 0.08 (0.05-0.10); steady level: no difference.</system-out></testcase>
        <system-out>node app.js on Node v24.0.0: 3 runs of every arm, 3 rounds of 2 requests each
    Intervals over 3 runs hold the true median in 75 % of cases at most.
    The steady level is that of the last third of only 3 rounds: the service may still be warming up then.</system-out>
      </testsuite>
    </testsuites>
    "
  `)
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
