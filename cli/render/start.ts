import { loadMsOf, startPackages, traceOverhead } from '../../dashboard/analysis/start-times.ts'
import { formatBytes, formatCount, formatMs, formatShare } from '../../dashboard/analysis/units.ts'
import {
  startPhases,
  type LazyCandidates,
  type StartAdvice,
  type StartArm,
  type StartReport,
} from '../../formats/start-report.ts'
import { renderTable } from './table.ts'
import { bold, dim, lineWidth, shorten, titled, wrapWords } from './text.ts'

const shown = 10
const barWidth = 24
const nameWidth = 46
const right = { align: 'right' } as const

/** Where the time until it listens goes, in lines of 100 columns. */
export function renderStart(report: StartReport): string {
  const [cold] = report.arms
  if (cold === undefined) return ''
  const title = `${report.command.join(' ')} on Node ${report.node.replace(/^v/, '')}`
  const parts = [
    [bold(shorten(title, lineWidth)), ...report.arms.flatMap(renderOverhead)].join('\n'),
    titled('Phases', renderPhases(report.arms)),
    ...report.arms.map((arm) =>
      titled('Packages', renderPackages(arm), noteOf(arm.name, startPackages(arm.modules).length)),
    ),
    titled('Modules', renderModules(cold), noteOf(cold.name, cold.modules.length)),
  ]
  if (report.lazy !== null) parts.push(renderLazy(report.lazy, cold))
  parts.push(renderAdvice(report.advice))
  return parts.join('\n\n')
}

function noteOf(arm: string, all: number): string {
  return all > shown ? `${arm}, the ${shown} dearest of ${formatCount(all)}` : arm
}

function renderOverhead(arm: StartArm): string[] {
  const { name, listenMs, tracedMs, untracedRunsMs } = arm
  const runs = untracedRunsMs.length
  return wrapWords(
    `${name}: listens after ${formatMs(listenMs)} (${runs === 1 ? '1 run' : `median of ${runs} runs`}); ` +
      `traced, as below, after ${formatMs(tracedMs)} (fastest against fastest, the trace adds ${formatShare(traceOverhead(arm), 1)})`,
    lineWidth,
  )
}

function renderPhases(arms: readonly StartArm[]): string {
  const columns = [
    { title: '' },
    ...arms.flatMap(({ name }) => [{ title: name, ...right }, { title: '' }]),
  ]
  const longest = Math.max(...arms.map(({ tracedMs }) => tracedMs))
  const width = arms.length > 1 ? 22 : 50
  const rows = Object.entries(startPhases).flatMap(([phase, name]) => {
    const times = arms.map(({ phases }) => phases.find((each) => each.phase === phase)?.ms ?? 0)
    if (times.every((ms) => ms < 0.05)) return []
    return [[name, ...times.flatMap((ms) => [formatMs(ms), bar(ms, longest, width)])]]
  })
  return renderTable(columns, rows)
}

const timeColumns = [
  { title: 'find', ...right },
  { title: 'read', ...right },
  { title: 'compile', ...right },
  { title: 'eval', ...right },
  { title: 'ms', ...right },
]

function renderPackages({ modules }: StartArm): string {
  const packages = startPackages(modules)
  const most = packages[0]?.loadMs ?? 0
  return renderTable(
    [
      { title: 'package' },
      { title: 'modules', ...right },
      ...timeColumns,
      { title: 'later', ...right },
      { title: '' },
    ],
    packages
      .slice(0, shown)
      .map((each) => [
        shorten(each.name || '(application)', 30),
        formatCount(each.modules),
        ...timeCells(each),
        each.runMs.toFixed(1),
        bar(each.loadMs, most, 12),
      ]),
  )
}

function renderModules({ modules }: StartArm): string {
  const sorted = [...modules].sort((a, b) => loadMsOf(b) - loadMsOf(a)).slice(0, shown)
  const most = sorted[0] === undefined ? 0 : loadMsOf(sorted[0])
  return renderTable(
    [{ title: 'module' }, ...timeColumns, { title: '' }],
    sorted.map((each) => [
      shorten(each.id, nameWidth),
      ...timeCells(each),
      bar(loadMsOf(each), most, 8),
    ]),
  )
}

function timeCells(times: Parameters<typeof loadMsOf>[0]): string[] {
  const { resolveMs, readMs, compileMs, evaluateMs } = times
  return [resolveMs, readMs, compileMs, evaluateMs, loadMsOf(times)].map((ms) => ms.toFixed(1))
}

function renderLazy(lazy: LazyCandidates, { modules }: StartArm): string {
  const { packages, observeMs, isRehearsed, withoutFunctions } = lazy
  const note =
    `not one function of these was called until ${formatMs(observeMs)} after listening` +
    (isRehearsed === 'yes' ? ', recorded requests included' : '')
  if (packages.length === 0)
    return titled('Lazy candidates', 'None: of every module something was called.')
  const most = packages[0]?.ms ?? 0
  const table = renderTable(
    [
      { title: 'package' },
      { title: 'not called', ...right },
      { title: 'of', ...right },
      { title: 'size', ...right },
      { title: 'ms', ...right },
      { title: '' },
    ],
    packages
      .slice(0, shown)
      .map(({ package: name, uncalled, called, sizeBytes, ms }) => [
        shorten(name || '(application)', 36),
        formatCount(uncalled),
        formatCount(uncalled + called),
        formatBytes(sizeBytes),
        ms.toFixed(1),
        bar(ms, most, 15),
      ]),
  )
  const first = lazy.modules.slice(0, 5).map(({ module, ms, modules: count }) => {
    const id = shorten(modules[module]?.id ?? '', 60)
    return `${ms.toFixed(1).padStart(8)} ms  ${id}${count > 1 ? dim(` with ${formatCount(count - 1)} that only it loads`) : ''}`
  })
  const rest = `${formatCount(withoutFunctions)} modules have no functions: constants, JSON.`
  return titled(
    'Lazy candidates',
    [dim(note), table, '', ...first, '', ...wrapWords(rest, lineWidth)].join('\n'),
  )
}

function renderAdvice(advice: readonly StartAdvice[]): string {
  if (advice.length === 0) return titled('What could be changed', 'Nothing stands out.')
  const lines = advice.flatMap(({ title, ms, evidence }, index) => {
    const number = `${index + 1}.`.padStart(3)
    const [first = '', ...more] = wrapWords(title, lineWidth - 16)
    const estimate = (ms === null ? '' : `~${formatMs(ms)}`).padStart(9)
    return [
      `${number} ${estimate}  ${first}`,
      ...more.map((line) => ' '.repeat(15) + line),
      ...evidence
        .slice(0, 3)
        .map((line) => dim(`${' '.repeat(15)}${shorten(line, lineWidth - 15)}`)),
    ]
  })
  return titled(
    'What could be changed',
    lines.join('\n'),
    'estimates, of the traced start; they overlap',
  )
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** Of `width` columns when it is as long as the longest. */
function bar(value: number, longest: number, width = barWidth): string {
  const parts = longest === 0 ? 0 : Math.round((8 * width * value) / longest)
  return '█'.repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? '')
}
