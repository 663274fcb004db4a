import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Files of a key and of a certificate for localhost that is signed with it; named as the environment of test apps is. */
export interface Certificate extends NodeJS.ProcessEnv {
  readonly KEY: string
  readonly CERT: string
}

/** Undefined where `openssl` is missing, with the reason printed. */
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
  process.stderr.write(`TLS is not tested: openssl: ${error?.message ?? stderr}\n`)
  return undefined
}
