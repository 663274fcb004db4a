import { pairsOf } from '../../dashboard/analysis/compare-arms.ts'
import { formatRatio } from '../../dashboard/analysis/verdict.ts'
import { metricNames, type CompareReport, type MetricName } from '../../formats/compare-report.ts'
import { PrewarmError } from '../../formats/errors.ts'
import type { ResultArm } from '../../formats/results.ts'
import { baselineName } from './defined-arms.ts'

/**
 * A condition under which `compare` exits with 3:
 *
 * - `prewarm.firstRequestSumMs/cold > 0.3`: a ratio of two arms
 * - `prewarm.firstRequestSumMs/baseline > 1.2`: an arm against what it was in an earlier measurement
 * - `prewarm.timeToListenMs > 3s`: the median of an arm, in the unit of the metric or with `ms`, `s`, `MB`
 * - `prewarm.outcome != applied`: what the replayer said in that arm
 */
export type Expression = { readonly text: string } & (
  | {
      readonly kind: 'number'
      readonly arm: string
      readonly metric: MetricName
      readonly against: string | null
      readonly operator: Operator
      readonly value: number
    }
  | {
      readonly kind: 'outcome'
      readonly arm: string
      readonly operator: '==' | '!='
      readonly outcome: string
    }
)

export interface Judgement {
  readonly expression: Expression
  /** True also when the value is missing: a gate that cannot be judged does not pass. */
  readonly isMissed: boolean
  /** What was found, for people. */
  readonly found: string
}

type Operator = keyof typeof operators

const operators = {
  '>=': (a: number, b: number) => a >= b,
  '<=': (a: number, b: number) => a <= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
  '>': (a: number, b: number) => a > b,
  '<': (a: number, b: number) => a < b,
} as const

/** What a number with this unit is in the unit at the end of the metric's name. */
const unitFactors: Readonly<Record<string, { readonly suffix: string; readonly factor: number }>> =
  {
    ms: { suffix: 'Ms', factor: 1 },
    s: { suffix: 'Ms', factor: 1000 },
    MB: { suffix: 'Bytes', factor: 1e6 },
  }

const syntax =
  /^\s*(?<arm>[\w+-]+)\.(?<metric>\w+)(?:\s*\/\s*(?<against>[\w+-]+))?\s*(?<operator>[<>]=?|[!=]=)\s*(?<value>\S+)\s*$/

/** What there is to write conditions about. */
export interface Subjects {
  /** Those that are measured. */
  readonly arms: readonly Pick<ResultArm, 'name' | 'kind'>[]
  /** The arm that all others are compared with; undefined: the usual pairs. */
  readonly against: string | undefined
  readonly hasBaseline: boolean
}

/**
 * Parses `ARM.METRIC[/ARM|/baseline] OP NUMBER[ms|s|MB]` or `ARM.outcome ==|!= applied|cold`. Throws
 * `ERR_PREWARM_CLI_EXPRESSION`.
 */
export function parseExpression(text: string, subjects: Subjects): Expression {
  const parts = syntax.exec(text)?.groups
  const { arm = '', metric = '', against = null, operator = '', value = '' } = parts ?? {}
  if (parts === undefined || !isOperator(operator)) {
    throw malformed(text, 'it is not ARM.METRIC[/ARM] OPERATOR NUMBER')
  }
  checkArms(text, arm, against, subjects)
  if (metric === 'outcome') {
    const kind = subjects.arms.find(({ name }) => name === arm)?.kind
    return outcomeExpression(text, arm, kind === 'replay' && against === null, operator, value)
  }
  if (!isMetric(metric)) {
    throw malformed(
      text,
      `there is no metric "${metric}"`,
      `Metrics: ${metricNames.join(', ')}, outcome.`,
    )
  }
  return {
    text,
    kind: 'number',
    arm,
    metric,
    against,
    operator,
    value: numberOf(text, metric, against, value),
  }
}

function checkArms(text: string, arm: string, against: string | null, subjects: Subjects): void {
  const names = subjects.arms.map(({ name }) => name)
  const isBaseline = against === baselineName
  if (isBaseline && !subjects.hasBaseline) {
    throw malformed(text, 'there is no baseline', 'Give --baseline FILE.')
  }
  for (const name of against === null || isBaseline ? [arm] : [arm, against]) {
    if (names.includes(name)) continue
    throw malformed(text, `"${name}" is not measured`, `Arms: ${names.join(', ')}.`)
  }
  if (against === null || isBaseline) return
  const pairs = pairsOf(names, subjects.against)
  if (!pairs.some((pair) => pair.arm === arm && pair.against === against)) {
    const known = pairs.map((pair) => `${pair.arm}/${pair.against}`).join(', ')
    throw malformed(text, `${arm}/${against} is not compared`, `Ratios: ${known}.`)
  }
}

/** Evaluates the expression on medians and median ratios. */
export function judge(expression: Expression, report: CompareReport): Judgement {
  if (expression.kind === 'outcome') {
    const found = report.replays.find(({ arm }) => arm === expression.arm)?.summary.outcome
    const isEqual = found === expression.outcome
    const isMissed = found === undefined || isEqual === (expression.operator === '==')
    return { expression, isMissed, found: found ?? 'no run report' }
  }
  const { value, shown } = lookUp(expression, report)
  if (value === null) return { expression, isMissed: true, found: 'not measured' }
  const isMissed = operators[expression.operator](value, expression.value)
  return { expression, isMissed, found: shown }
}

function lookUp(
  { arm, against, metric }: Extract<Expression, { kind: 'number' }>,
  report: CompareReport,
): { readonly value: number | null; readonly shown: string } {
  if (against === null) {
    const value = report.arms.find(({ name }) => name === arm)?.metrics[metric].median ?? null
    return { value, shown: String(value === null ? '-' : Number(value.toPrecision(4))) }
  }
  const ratios = against === baselineName ? report.baseline?.ratios : report.ratios
  const ratio = ratios?.find(
    (entry) => entry.arm === arm && entry.against === against && entry.metric === metric,
  )
  if (ratio === undefined) return { value: null, shown: '-' }
  return { value: ratio.ratio ?? Infinity, shown: formatRatio(ratio) }
}

function outcomeExpression(
  text: string,
  arm: string,
  isReplay: boolean,
  operator: Operator,
  outcome: string,
): Expression {
  const isComparison = operator === '==' || operator === '!='
  const isKnown = outcome === 'applied' || outcome === 'cold'
  if (!isReplay || !isComparison || !isKnown) {
    throw malformed(text, 'an outcome is compared as in "prewarm.outcome != applied"')
  }
  return { text, kind: 'outcome', arm, operator, outcome }
}

function numberOf(text: string, metric: MetricName, against: string | null, value: string): number {
  const [, number, unit = ''] = /^(-?\d+(?:\.\d+)?)(ms|s|MB)?$/.exec(value) ?? []
  if (number === undefined) throw malformed(text, `"${value}" is not a number`)
  if (unit === '') return Number(number)
  if (against !== null) throw malformed(text, 'a ratio has no unit')
  const known = unitFactors[unit]
  if (known === undefined || !metric.endsWith(known.suffix)) {
    throw malformed(text, `${metric} is not in ${unit}`)
  }
  return Number(number) * known.factor
}

function isOperator(text: string): text is Operator {
  return Object.hasOwn(operators, text)
}

function isMetric(text: string): text is MetricName {
  return (metricNames as readonly string[]).includes(text)
}

function malformed(text: string, why: string, hint?: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_CLI_EXPRESSION', `--fail-if "${text}": ${why}`, {
    hint: hint ?? 'Examples: prewarm.firstRequestSumMs/cold > 0.3, prewarm.timeToListenMs > 3s.',
  })
}
