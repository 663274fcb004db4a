import path from 'node:path'
import { folderOf, type Sample } from '../scripts/samples.mjs'
import { runToEnd } from './harness.ts'

interface SampleRequest {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: string
}

/** Requests of a sample's traffic, other ones than those of the recording. */
export async function requestsOf(sample: Sample, count: number): Promise<SampleRequest[]> {
  const traffic = path.join(folderOf(sample), 'traffic.js')
  const args = [traffic, '--print', `${count}`, '--seed', '2']
  const { stdout } = await runToEnd(process.execPath, args)
  return JSON.parse(stdout) as SampleRequest[]
}

/** What each is answered with. */
export async function answersOf(
  url: string,
  requests: readonly SampleRequest[],
): Promise<{ path: string; status: number; body: string }[]> {
  const answers = []
  for (const { path: target, ...request } of requests) {
    const response = await fetch(url + target, request)
    answers.push({ path: target, status: response.status, body: await response.text() })
  }
  return answers
}
