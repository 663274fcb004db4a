import type { Resource } from '../resource.ts'
import { livingWith } from './lifetime.ts'

/** A `Registry` of prom-client. */
export interface MetricRegistry {
  getMetricsAsArray(): readonly { readonly name: string }[]
}

export interface PromClientOptions {
  /** Names of metrics that rehearsal may change: gauges that say what is, such as whether a database is connected. */
  readonly keep?: readonly string[]
}

/** How counters, gauges, histograms and summaries of prom-client 15 keep what they have counted, by labels. */
interface Metric {
  readonly name: string
  hashMap: object
  reset(): void
}

/**
 * What a rehearsal counts does not count: the values of all metrics are put aside, it counts from nothing, and then they are
 * put back. They are not copied, since a summary cannot be, and V8 would learn the shape of the copies.
 *
 * @example
 * register(promClient(client.register))
 */
export function promClient(registry: MetricRegistry, options: PromClientOptions = {}): Resource {
  let before: Map<Metric, object> | undefined
  const metrics = (): Metric[] =>
    registry
      .getMetricsAsArray()
      .filter(isKnown)
      .filter(({ name }) => options.keep?.includes(name) !== true)
  return livingWith(registry, {
    name: 'prom-client',
    beforeRehearsal() {
      before = new Map(metrics().map((metric) => [metric, metric.hashMap]))
      for (const metric of before.keys()) {
        metric.hashMap = {}
        metric.reset()
      }
    },
    afterRehearsal() {
      if (before === undefined) return
      for (const [metric, values] of before) metric.hashMap = values
      const known = before
      before = undefined
      for (const metric of metrics()) if (!known.has(metric)) metric.reset()
    },
  })
}

function isKnown(metric: { readonly name: string }): metric is Metric {
  const { hashMap, reset } = metric as Partial<Metric>
  if (typeof hashMap === 'object' && typeof reset === 'function') return true
  throw new Error(`${metric.name} does not keep its values as metrics of prom-client 15 do`)
}
