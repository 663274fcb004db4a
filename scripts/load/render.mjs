/** The result of `npm run load` for people. */
import { formatBytes, formatMs } from '../../dist/dashboard/analysis/units.js'
import { formatRatio } from '../../dist/dashboard/analysis/verdict.js'
import { renderTable } from '../../dist/cli/render/table.js'
import { references } from './arms.mjs'
import { metricNames } from './figures.mjs'

const shown = { cold: 'cold', 'node-compile-cache': "Node's cache" }
const formats = {
  timeToListenMs: formatMs,
  cpuToListenMs: formatMs,
  rssAtListenBytes: formatBytes,
}

/**
 * @param {object} result as `--json` prints it
 * @returns {string}
 */
export function renderLoad({ node, runs, services, overall, failed, leftOut }) {
  const against = references.filter((name) => overall.some((each) => each.against === name))
  const ratioColumns = against.flatMap((name) =>
    ['time', 'CPU', 'RSS'].map((title) => ({ title: `${title} / ${shown[name]}`, align: 'right' })),
  )
  const columns = [
    { title: 'service' },
    { title: 'modules', align: 'right' },
    { title: 'arm' },
    ...['listens', 'CPU', 'RSS'].map((title) => ({ title, align: 'right' })),
    ...ratioColumns,
  ]
  const cellsOf = (figures, arm, format) =>
    against.flatMap((name) =>
      metricNames.map((metric) => {
        const found = figures.find(
          (each) => each.arm === arm && each.against === name && each.metric === metric,
        )
        return found === undefined ? '' : format(found)
      }),
    )
  const rows = services.flatMap(({ name, modules, arms, ratios }) =>
    arms.map((arm, index) => [
      ...(index === 0 ? [name, `${modules}`] : ['', '']),
      arm.name,
      ...metricNames.map((metric) => formats[metric](arm.metrics[metric].median)),
      ...cellsOf(ratios, arm.name, formatRatio),
    ]),
  )
  const compared = [...new Set(overall.map(({ arm }) => arm))]
  const summary = (title, format) =>
    compared.map((arm, index) => [
      ...[index === 0 ? title : '', '', arm, '', '', ''],
      ...cellsOf(overall, arm, format),
    ])
  const ofAll = [
    ...summary(`median of ${services.length}`, (each) => each.median.toFixed(2)),
    ...summary('worst', ({ worst }) => `${worst.service} ${worst.ratio.toFixed(2)}`),
  ]
  return [
    renderTable(columns, [...rows, ...ofAll]),
    '',
    `Until the first port opens, on Node ${node}: medians of ${runs} interleaved fresh starts, ratios within the rounds with 95 % intervals.`,
    ...failed.map(({ name, error }) => `${name} failed: ${error}`),
    ...leftOut.map(({ name, reason }) => `not measured: ${name}, ${reason}`),
  ].join('\n')
}
