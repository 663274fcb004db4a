import { readFileSync } from 'node:fs'
import { METHODS, validateHeaderName, validateHeaderValue } from 'node:http'
import { PrewarmError, messageOf } from '../../formats/errors.ts'
import { unreadableFile } from '../unreadable-file.ts'
import type { MeasuredRequest } from './messages.ts'

/** Reads `--requests FILE`. Throws `ERR_PREWARM_FMT_UNREADABLE` or what {@link parseRequests} throws. */
export function readRequestsFile(file: string): readonly MeasuredRequest[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const hint = 'Give --requests the path of a JSON file that this user may read.'
    throw unreadableFile(file, cause, { missing: hint, other: hint })
  }
  return parseRequests(text, file)
}

/**
 * A JSON array of `{method, path, headers?, body?}`; a body that is no string is sent as JSON. Throws
 * `ERR_PREWARM_CLI_REQUESTS`.
 */
export function parseRequests(text: string, source: string): readonly MeasuredRequest[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid(`${source} is not JSON: ${messageOf(cause)}`)
  }
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid(`${source} is not an array with at least one request`)
  }
  return value.map((entry: unknown, index) => requestOf(entry, `${source}[${index}]`))
}

function requestOf(entry: unknown, at: string): MeasuredRequest {
  if (!isObject(entry)) throw invalid(`${at} is not an object`)
  const { method, path, headers: given = {}, body, ...unknown } = entry
  const [surplus] = Object.keys(unknown)
  if (surplus !== undefined) throw invalid(`${at} has an unknown key "${surplus}"`)
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    throw invalid(`${at}.method is not an HTTP method in capitals`)
  }
  // What node:http accepts as a request target.
  if (typeof path !== 'string' || !/^\/[\u0021-\u00ff]*$/.test(path)) {
    throw invalid(`${at}.path does not begin with / or has characters that need %-encoding`)
  }
  const headers = headersOf(given, `${at}.headers`)
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const isJson = body !== undefined && typeof body !== 'string'
  return {
    route: `${method} ${path.split('?')[0] ?? path}`,
    method,
    path,
    headers: isJson && !hasType ? { ...headers, 'content-type': 'application/json' } : headers,
    body: bodyOf(body),
    recordedStatus: null,
  }
}

function bodyOf(body: unknown): Uint8Array | null {
  if (body === undefined) return null
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function headersOf(given: unknown, at: string): Readonly<Record<string, string>> {
  if (!isObject(given)) throw invalid(`${at} is not an object`)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw invalid(`${at}.${name} is not a string`)
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch (cause) {
      throw invalid(`${at}.${name}: ${messageOf(cause)}`)
    }
    headers[name] = value
  }
  return headers
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(message: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_CLI_REQUESTS', message, {
    hint: 'Give a JSON array: [{ "method": "GET", "path": "/", "headers": {}, "body": null }]',
  })
}
