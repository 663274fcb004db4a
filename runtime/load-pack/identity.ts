import v8 from 'node:v8'
import { loader } from '../commonjs.ts'
import type { Place } from '../compile-cache/folder.ts'
import type { PackIdentity } from './pack.ts'

/** Options of Node that decide what a specifier means or how a file is loaded. */
const loaderOption =
  /^(?:-C|--conditions|--preserve-symlinks|--preserve-symlinks-main|--(?:no-)?experimental-(?!import-meta-resolve)|--input-type|--entry-url|--(?:no-)?require-module|--(?:no-)?strip-types|--(?:no-)?addons)/

/** Those words of a command line that the loaders go by, with their values. */
export function loaderFlagsAmong(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (!loaderOption.test(word)) return []
    const takesNext = /^(?:-C|--conditions)$/.test(word)
    return takesNext
      ? [`--conditions=${words[index + 1] ?? ''}`]
      : [word.replace(/^-C=?/, '--conditions=')]
  })
}

/** Of this process. */
export function loaderFlags(): string[] {
  return loaderFlagsAmong([
    ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/),
    ...process.execArgv,
  ])
}

/** Of a pack that is made by this process, or fits it. */
export function identityOf({ digest, appId }: Place): PackIdentity {
  return {
    node: process.version,
    tag: v8.cachedDataVersionTag(),
    profile: digest,
    appId,
    flags: loaderFlags(),
    nodePath: process.env['NODE_PATH'] ?? '',
  }
}

export function isSameIdentity(one: PackIdentity, other: PackIdentity): boolean {
  return (
    one.node === other.node &&
    one.tag === other.tag &&
    one.profile === other.profile &&
    one.nodePath === other.nodePath &&
    one.flags.length === other.flags.length &&
    one.flags.every((flag, index) => flag === other.flags[index])
  )
}

/** The source of what is replaced in the CommonJS loader: another text says that somebody else has replaced it before. */
export function loaderText(): string {
  const { _extensions: extensions, prototype } = loader
  return [extensions['.js'], prototype._compile].map(String).join('\n')
}
