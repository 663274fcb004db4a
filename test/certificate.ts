import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Files for a server on 127.0.0.1, by the names of the variables in which the apps look for them. */
export interface Certificate {
  readonly KEY: string
  readonly CERT: string
}

/** A key and a certificate signed with it; undefined, with the reason printed, where `openssl` is missing. */
export function makeCertificate(folder: string): Certificate | undefined {
  const files = { KEY: path.join(folder, 'key.pem'), CERT: path.join(folder, 'cert.pem') }
  const { error, status, stderr } = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', files.KEY, '-out', files.CERT],
    ],
    { encoding: 'utf8' },
  )
  if (status === 0) return files
  process.stderr.write(`https is not tested: openssl: ${error?.message ?? stderr}\n`)
  return undefined
}
