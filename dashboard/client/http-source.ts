import type { ApiError, CurvesView } from '../api.ts'
import { parseAnswer } from './answer-text.ts'
import { ApiProblem, type CurveQuery, type DataSource } from './data-source.ts'

/** The dashboard's server, which also serves this page. */
export function httpSource(base = 'api/'): DataSource {
  const get = <T>(path: string): Promise<T> => request<T>(`${base}${path}`)
  const curves = shared((path: string) => get<CurvesView>(path))
  return {
    isServed: true,
    files: () => get('files'),
    results: (id) => get(`results/${encodeURIComponent(id)}`),
    curves: (id, query) => curves(`results/${encodeURIComponent(id)}/curves?${curveQuery(query)}`),
    windows: (id, route) =>
      get(
        `results/${encodeURIComponent(id)}/windows${route === null ? '' : `?${queryOf({ route })}`}`,
      ),
    reports: (id) => get(`reports/${encodeURIComponent(id)}`),
    profile: (id) => get(`profiles/${encodeURIComponent(id)}`),
    start: (id) => get(`starts/${encodeURIComponent(id)}`),
    diff: (from, to) => get(`profiles/${encodeURIComponent(from)}/diff/${encodeURIComponent(to)}`),
    exportUrl: (id, format) => `${base}profiles/${encodeURIComponent(id)}/export/${format}`,
    add: (file) =>
      request(`${base}files?${queryOf({ name: file.name })}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: file,
      }),
    live: () => new EventSource(`${base}live`),
  }
}

/** How long an answer may be given once more. */
const sharedMs = 2000

/** A view asks for curves before the element that draws them is there to ask: both get one answer. */
function shared<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return (path) => {
    const before = asked.get(path)
    if (before !== undefined) return before
    const answer = ask(path)
    asked.set(path, answer)
    const forget = (): void => {
      asked.delete(path)
    }
    answer.then(() => setTimeout(forget, sharedMs), forget)
    return answer
  }
}

function curveQuery({ axis, route, points, from, to }: CurveQuery): string {
  return queryOf({
    axis,
    points: String(points),
    ...(route === null ? {} : { route }),
    ...(from === undefined ? {} : { from: String(from) }),
    ...(to === undefined ? {} : { to: String(to) }),
  })
}

function queryOf(params: Readonly<Record<string, string>>): string {
  return new URLSearchParams(params).toString()
}

async function request<T>(url: string, init?: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch {
    throw new ApiProblem(
      'ERR_PREWARM_DSH_GONE',
      'The dashboard does not answer',
      'Is `prewarm dashboard` still running? Start it again and reload this page.',
    )
  }
  const body = await response
    .text()
    .then(parseAnswer)
    .catch(() => null)
  if (response.ok && body !== null) return body as T
  throw problemOf(body, response.status)
}

function problemOf(body: unknown, status: number): ApiProblem {
  if (isApiError(body)) return new ApiProblem(body.code, body.message, body.hint)
  return new ApiProblem('ERR_PREWARM_DSH_ANSWER', `The dashboard answered with ${status}`)
}

function isApiError(body: unknown): body is ApiError {
  const error = body as Partial<ApiError> | null
  return typeof error?.code === 'string' && typeof error.message === 'string'
}
