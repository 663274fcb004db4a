// A span for every request, and one inside of it.
import { createServer } from 'node:http'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { isRehearsal } from '../../../dist/index.js'
import { openTelemetry } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const sampler = new ParentBasedSampler({ root: new AlwaysOnSampler() })
const exporter = new InMemorySpanExporter()
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const tracer = new BasicTracerProvider({
  sampler: process.env.WITHOUT ? sampler : openTelemetry(sampler),
  spanProcessors: [new SimpleSpanProcessor(exporter)],
}).getTracer('test')
let recorded = 0

const server = createServer((request, response) => {
  if (request.url === '/spans') {
    const names = exporter.getFinishedSpans().map(({ name }) => name)
    return response.end(JSON.stringify({ names, recorded }))
  }
  tracer.startActiveSpan('request', async (span) => {
    await null
    tracer.startSpan('query').end()
    if (span.isRecording() && isRehearsal()) recorded++
    span.end()
    response.end('ok')
  })
})
serve(server)
