import inspector from 'node:inspector'
import { windowTitle, type CpuProfiler, type Samples } from './profiler.ts'

/** Node's own profiler: `console.profile` windows may overlap, `Profiler.start` ones may not. */
export class InspectorProfiler implements CpuProfiler {
  readonly name = 'inspector'
  readonly #session = new inspector.Session()
  #window = 0
  #samples: Samples | undefined

  constructor(samplingMicros: number) {
    this.#session.connect()
    this.#session.on('Profiler.consoleProfileFinished', ({ params }) => {
      if (this.#samples !== undefined) collect(params.profile, this.#samples)
    })
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.setSamplingInterval', { interval: samplingMicros })
  }

  start(): void {
    windows.profile(windowTitle(this.#window))
  }

  rotate(samples: Samples): void {
    windows.profile(windowTitle(this.#window + 1))
    this.#end(samples)
    this.#window++
  }

  stop(samples: Samples): void {
    this.#end(samples)
    this.#session.post('Profiler.disable')
    this.#session.disconnect()
  }

  #end(samples: Samples): void {
    this.#samples = samples
    windows.profileEnd(windowTitle(this.#window))
    this.#samples = undefined
  }
}

const windows = inspector.console as unknown as {
  profile(title: string): void
  profileEnd(title: string): void
}

function collect(profile: inspector.Profiler.Profile, samples: Samples): void {
  const count = profile.samples?.length ?? 0
  if (count === 0) return
  const msPerHit = (profile.endTime - profile.startTime) / 1000 / count
  for (const { callFrame, hitCount = 0 } of profile.nodes) {
    if (hitCount === 0) continue
    samples.add(
      {
        scriptId: Number(callFrame.scriptId),
        url: callFrame.url,
        name: callFrame.functionName,
        line: callFrame.lineNumber + 1,
        column: callFrame.columnNumber + 1,
      },
      hitCount,
      msPerHit,
    )
  }
}
