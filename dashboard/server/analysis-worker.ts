import { parentPort, workerData } from 'node:worker_threads'
import { isPrewarmError, messageOf } from '../../formats/errors.ts'
import { createAnalysis } from './analysis.ts'
import type { TaskAnswer, TaskRequest } from './analysis-thread.ts'
import { failed } from './problems.ts'
import type { TaskSettings } from './tasks.ts'

/** The thread that {@link AnalysisThread} begins. */
const analyse = createAnalysis(workerData as TaskSettings)

async function answer({ number, task }: TaskRequest): Promise<TaskAnswer> {
  try {
    return { number, body: await analyse(task) }
  } catch (error) {
    const { code, message, hint, cause } = isPrewarmError(error) ? error : failed(error)
    return {
      number,
      code,
      message,
      hint,
      cause: cause === undefined ? undefined : messageOf(cause),
    }
  }
}

let turn = Promise.resolve()

// One after another: each may have a whole file in memory.
parentPort?.on('message', (request: TaskRequest) => {
  turn = turn.then(async () => {
    parentPort?.postMessage(await answer(request))
  })
})
