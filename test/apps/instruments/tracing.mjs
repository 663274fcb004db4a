// `--import`: the loader hook for ES modules first, then the set-up.
import { register } from 'node:module'
import { isRehearsal } from '../../../dist/index.js'
import { openTelemetry } from '../../../dist/replayer/resources/index.js'

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
const { trace } = await import('./tracing.cjs')
trace(process.env.ALL_SPANS ? (sampler) => sampler : openTelemetry, isRehearsal)
