import type { CompareReport } from '../../formats/compare-report.ts'
import type { Judgement } from '../compare/expression.ts'
import { headingOf } from './compare-table.ts'

interface TestCase {
  readonly suite: 'fail-if' | 'verdict'
  readonly name: string
  /** What was found. */
  readonly found: string
  readonly isFailed: boolean
}

/**
 * JUnit XML: a test case for every `--fail-if` condition, failed where it holds, and one for the verdict on every arm, which fails
 * never, since the exit code does not depend on it.
 */
export function renderCompareJunit(
  report: CompareReport,
  judgements: readonly Judgement[],
): string {
  const cases = [...judgements.map(conditionCase), ...verdictCases(report)]
  const failures = cases.filter(({ isFailed }) => isFailed).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="0"`
  const about = [`${report.app} on ${headingOf(report)}`, ...report.warnings]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="prewarm compare" ${counts}>`,
    `  <testsuite name="prewarm compare" ${counts}>`,
    ...cases.map(testCase),
    `    <system-out>${escape(about.join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function conditionCase({ expression, isMissed, found }: Judgement): TestCase {
  return { suite: 'fail-if', name: expression.text, found, isFailed: isMissed }
}

function verdictCases({ verdict, ratios }: CompareReport): readonly TestCase[] {
  if (ratios.length === 0) return []
  return verdict.split('\n').map((sentence) => ({
    suite: 'verdict',
    name: sentence.slice(0, Math.max(0, sentence.indexOf(':'))),
    found: sentence,
    isFailed: false,
  }))
}

function testCase({ suite, name, found, isFailed }: TestCase): string {
  const content = isFailed
    ? `<failure message="${escape(`found ${found}`)}" type="fail-if"/>`
    : `<system-out>${escape(found)}</system-out>`
  return `    <testcase classname="prewarm.${suite}" name="${escape(name)}" time="0">${content}</testcase>`
}

/** For text and for attributes; XML 1.0 has no form at all for most control characters and halves of pairs. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
