import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ApiError, FileEntry, FileList, ResultsView } from '../dashboard/api.ts'
import { evaluate } from '../dashboard/analysis/evaluate.ts'
import { plan, resultsText, runOf, goldenProfile } from '../dashboard/server/fixtures/scene.ts'
import { formatPlan, formatRun, parseResults } from '../formats/results.ts'
import { cli, prewarm, scratchFolder, until } from './harness.ts'

const scratch = scratchFolder()
const files = path.join(scratch, 'files')
mkdirSync(files)
writeFileSync(path.join(files, 'shop.jsonl'), resultsText())
writeFileSync(path.join(files, 'app.prewarm'), readFileSync(goldenProfile))
const live = path.join(files, '1795800000000-42.live.jsonl')
const line = (ms: number): string => `${JSON.stringify({ type: 'listen', ms })}\n`
writeFileSync(live, line(1))

interface Served {
  readonly child: ChildProcess
  /** As printed. */
  readonly address: string
  readonly url: string
  stderr(): string
  /** Exit code after a signal. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

const running = new Set<ChildProcess>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

async function serve(...args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [cli, 'dashboard', ...args])
  running.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  await until(() => stdout.endsWith('\n') || child.exitCode !== null)
  if (child.exitCode !== null) throw new Error(stderr)
  const address = stdout.trim()
  return {
    child,
    address,
    url: address.startsWith('http') ? new URL(address).origin : '',
    stderr: () => stderr,
    async end(signal = 'SIGINT') {
      const exited = once(child, 'exit') as Promise<[number | null]>
      child.kill(signal)
      return (await exited)[0]
    },
  }
}

async function listOf(url: string): Promise<readonly FileEntry[]> {
  const response = await fetch(`${url}/api/files`)
  return ((await response.json()) as FileList).files
}

async function idOf(url: string, name: string): Promise<string> {
  const found = (await listOf(url)).find((file) => file.name === name)
  if (found === undefined) throw new Error(`${name} is not listed`)
  return found.id
}

/** What goes over the wire as it is: `fetch` sets hosts and paths right. */
async function raw(url: string, target: string, host: string): Promise<readonly [number, string]> {
  const { hostname, port } = new URL(url)
  const request = http.get({ hostname, port, path: target, headers: { host } })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return [response.statusCode ?? 0, body]
}

describe('prewarm dashboard', () => {
  it('serves the page and what compare would print of a results file', async () => {
    const { url, end, stderr } = await serve(files, '--port', '0')
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const page = await fetch(url)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await page.text()
    const assets = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(assets.length).toBeGreaterThan(0)
    for (const asset of assets) expect((await fetch(`${url}/${asset}`)).status).toBe(200)

    const names = (await listOf(url)).map(({ name, error }) => [name, error])
    expect(names.sort()).toEqual([
      ['1795800000000-42.live.jsonl', null],
      ['app.prewarm', null],
      ['shop.jsonl', null],
    ])
    const response = await fetch(`${url}/api/results/${await idOf(url, 'shop.jsonl')}`)
    const { report } = (await response.json()) as ResultsView
    const expected = evaluate(parseResults(resultsText()))
    expect(report).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(stderr()).toBe('')
    expect(await end()).toBe(0)
  })

  it('prints its address as JSON, and takes another port when its own is taken', async () => {
    const other = await serve(files, '--json')
    const first = (JSON.parse(other.address) as { readonly url: string }).url
    const { address, stderr, end } = await serve(files, '--json')
    const second = (JSON.parse(address) as { readonly url: string }).url
    expect(second).not.toBe(first)
    expect(stderr()).toMatch(/Port 7357 is taken; it listens on \d+ instead/)
    const taken = await prewarm(['dashboard', files, '--port', new URL(first).port])
    expect([taken.code, taken.stderr.split(':')[1]?.trim()]).toEqual([1, 'ERR_PREWARM_DSH_LISTEN'])
    await other.end('SIGTERM')
    expect(await end('SIGTERM')).toBe(0)
  })

  it('refuses what cannot be opened, and mistakes on its command line', async () => {
    const missing = await prewarm(['dashboard', path.join(scratch, 'nowhere')])
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringContaining('ERR_PREWARM_DSH_PATH'),
    ])
    for (const args of [
      ['--port', '70000'],
      ['--token', 'short'],
      ['--app', '/nowhere'],
      ['--x'],
    ]) {
      const { code, stderr } = await prewarm(['dashboard', files, ...args])
      expect([args, code, stderr]).toEqual([
        args,
        2,
        expect.stringContaining('ERR_PREWARM_CLI_USAGE'),
      ])
    }
    const help = await prewarm(['dashboard', '--help'])
    expect(help.stdout).toContain('Examples:')
  })

  it('says that there is nothing to look at, and opens no browser without a terminal', async () => {
    const empty = path.join(scratch, 'empty')
    mkdirSync(empty)
    const { stderr, end } = await serve(empty, '--port', '0', '--open')
    expect(stderr()).toContain('There is nothing to look at')
    expect(stderr()).toContain('no browser was opened')
    expect(await end()).toBe(0)
  })

  it('asks for a token where others can reach it', async () => {
    const { address, end } = await serve(files, '--host', '0.0.0.0', '--port', '0')
    const { port, searchParams } = new URL(address)
    const url = `http://127.0.0.1:${port}`
    expect(searchParams.get('token')).toMatch(/^[\w-]{24}$/)
    expect((await fetch(`${url}/api/files`)).status).toBe(401)
    expect((await fetch(`${url}/`)).status).toBe(401)
    const entrance = await fetch(`${url}/${new URL(address).search}`, { redirect: 'manual' })
    expect([entrance.status, entrance.headers.get('location')]).toEqual([303, '/'])
    const cookie = entrance.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await fetch(`${url}/api/files`, { headers: { cookie } })).status).toBe(200)
    expect(await end()).toBe(0)
  })

  it('answers to no other host, and gives nothing that lies elsewhere', async () => {
    const secret = path.join(scratch, 'secret.jsonl')
    writeFileSync(secret, resultsText({ command: ['secret'] }))
    symlinkSync(secret, path.join(files, 'link.jsonl'))
    const { url, end } = await serve(files, '--port', '0')
    const { host } = new URL(url)
    expect((await raw(url, '/api/files', 'evil.test'))[0]).toBe(403)
    expect((await raw(url, '/api/files', '[x'))[0]).toBeGreaterThanOrEqual(400)
    for (const target of [
      '/../../secret.jsonl',
      '/assets/../../../secret.jsonl',
      '/%2e%2e/%2e%2e/secret.jsonl',
      '/..%2f..%2fsecret.jsonl',
      '//secret.jsonl',
      '/api/results/..%2fsecret.jsonl',
      `/api/results/${encodeURIComponent(secret)}`,
      '/api/results/link.jsonl',
      '/%00',
      '/%ff',
    ]) {
      const [status, body] = await raw(url, target, host)
      expect([target, status]).toEqual([target, 404])
      expect(body).not.toContain('"secret"')
    }
    expect((await listOf(url)).map(({ name }) => name)).not.toContain('link.jsonl')
    expect(await end()).toBe(0)
  })

  it('lists hostile files with what is wrong with them, and goes on', async () => {
    const hostile = path.join(scratch, 'hostile')
    mkdirSync(hostile)
    const write = (name: string, content: string | Uint8Array): void => {
      writeFileSync(path.join(hostile, name), content)
    }
    const profile = readFileSync(goldenProfile)
    write('torn.prewarm', profile.subarray(0, profile.length - 7))
    write('huge.prewarm', '')
    truncateSync(path.join(hostile, 'huge.prewarm'), 2 ** 33)
    write('huge.jsonl', resultsText())
    truncateSync(path.join(hostile, 'huge.jsonl'), 2 ** 31)
    write('lying.jsonl', resultsText({ rounds: Number.MAX_SAFE_INTEGER }))
    write('torn.jsonl', formatPlan(plan) + formatRun(runOf('cold', 1)).slice(0, 200))
    write('nested.json', `{"schemaVersion":1,"prewarm":"","pid":${'['.repeat(200_000)}`)
    const { url, end, stderr } = await serve(hostile, '--port', '0')
    const listed = await listOf(url)
    expect(
      Object.fromEntries(listed.map(({ name, error }) => [name, error?.code ?? null])),
    ).toEqual({
      'torn.prewarm': 'ERR_PREWARM_FMT_TRUNCATED',
      'huge.prewarm': 'ERR_PREWARM_DSH_LIMIT',
      'huge.jsonl': 'ERR_PREWARM_DSH_LIMIT',
      'lying.jsonl': null,
      'torn.jsonl': null,
      'nested.json': 'ERR_PREWARM_DSH_KIND',
    })
    for (const { id, kind, name } of listed) {
      const response = await fetch(`${url}/api/${kind === 'results' ? kind : `${kind}s`}/${id}`)
      const body = await response.text()
      expect([name, [200, 413, 422].includes(response.status)]).toEqual([name, true])
      expect(body).not.toContain(hostile)
      if (!response.ok) expect((JSON.parse(body) as ApiError).code).toMatch(/^ERR_PREWARM_/)
    }
    expect(stderr()).toBe('')
    expect(await end()).toBe(0)
  })

  it('takes a file that is dropped on the page, and no more than it can hold', async () => {
    const { url, end } = await serve(files, '--port', '0')
    const drop = (
      body: string,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<Response> =>
      fetch(`${url}/api/files?name=mine.jsonl`, {
        method: 'POST',
        body,
        headers: { origin: url, 'content-type': 'application/octet-stream', ...headers },
      })
    const dropped = await drop(resultsText({ command: ['node', 'mine.js'] }))
    expect(dropped.status).toBe(201)
    const { id } = (await dropped.json()) as FileEntry
    const view = (await (await fetch(`${url}/api/results/${id}`)).json()) as ResultsView
    expect([view.name, view.report.app]).toEqual(['mine.jsonl', 'node mine.js'])
    expect((await drop('x', { origin: 'http://evil.test' })).status).toBe(403)

    // Says nothing of its length, and does not end.
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(
      `POST /api/files HTTP/1.1\r\nhost: ${new URL(url).host}\r\norigin: ${url}\r\n` +
        'content-type: application/octet-stream\r\ncontent-length: 400000000\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
    expect(await end()).toBe(0)
  })

  it('streams a file that grows, to who comes back too, and ends with streams that are open', async () => {
    const { url, end } = await serve(files, '--port', '0')
    const first = await streamOf(url)
    await until(() => first.text().includes('"change":"begin"'))
    await until(() => /^id: \S+\n\n/m.test(first.text()))
    appendFileSync(live, line(2))
    await until(() => first.text().includes('"ms":2'))
    const lastId = [...first.text().matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? ''
    first.close()
    appendFileSync(live, line(3))
    const second = await streamOf(url, lastId)
    await until(() => second.text().includes('"ms":3'))
    expect(second.text()).toContain('"change":"more"')
    expect(second.text()).not.toContain('"ms":2')
    expect(await end()).toBe(0)
  })
})

async function streamOf(
  url: string,
  lastEventId?: string,
): Promise<{ readonly text: () => string; readonly close: () => void }> {
  const request = http.get(`${url}/api/live`, {
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  })
  request.on('error', () => undefined)
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  response.on('data', (chunk) => (text += String(chunk)))
  response.on('error', () => undefined)
  return { text: () => text, close: () => request.destroy() }
}
