/**
 * The process that `prewarm bake` starts: the Node of production with the V8 flags of production, since caches are for those
 * only. An order on stdin, the answer on stdout. Nothing of the application runs.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import v8 from 'node:v8'
import { codeCaches } from '../../formats/code-caches.ts'
import { openProfile } from '../../formats/codec.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import { canWriteEntries, entryName, type ModuleKind } from '../../runtime/compile-cache/entry.ts'
import { writeFolder } from '../../runtime/compile-cache/folder.ts'
import { writePack } from '../../runtime/load-pack/file.ts'
import { makePack } from '../../runtime/load-pack/make.ts'
import { keyOf } from '../../runtime/compile-cache/layout.ts'
import { compileEagerly, type ModuleSource } from '../../runtime/eager/eager-caches.ts'
import { readSource } from '../../runtime/module-source.ts'
import { bakeReplayer } from './replayer-code.ts'
import type { Baked, BakedKind, BakeOrder, NotBaked } from './baked.ts'

// Other users than the one who builds the image run it.
process.umask(0o022)
const order = JSON.parse(readFileSync(0, 'utf8')) as BakeOrder
process.stdout.write(JSON.stringify(bake(order)))

function bake({ profile, folder, root, users }: BakeOrder): Baked | NotBaked {
  const opened = openProfile(readFileSync(profile))
  const meta = opened.section('meta')
  if (majorOf(meta.node) !== majorOf(process.version)) {
    return {
      refusal: `The profile was recorded on Node ${meta.node}, this is ${process.version}`,
      hint: 'Record one on this major version of Node: replay refuses it otherwise.',
    }
  }
  const modules = opened.section('modules')
  const fromProfile = meta.codeCacheTag === v8.cachedDataVersionTag()
  const caches = fromProfile ? codeCaches(modules, opened.codecache) : compileAgain(modules, root)
  const place = { profile, folder, digest: opened.digest, appId: meta.appId, root }
  const pack = makePack({
    place,
    modules,
    resolutions: opened.section('resolutions'),
    caches,
    renewals: 0,
  })
  const packFile = writePack(place, pack.parts)
  const head = {
    node: process.version,
    arch: process.arch,
    codeCacheTag: v8.cachedDataVersionTag(),
    fromProfile,
    pack: { file: packFile, ...pack.counts },
  }
  bakeReplayer(folder, profile)
  // Before Node 22 there is no compile cache: the pack is all that there is.
  if (!canWriteEntries) return { ...head, folder: null, kinds: [] }
  const { folder: written, modules: entries } = writeFolder(place, caches, { users })
  const baked = new Set(entries().map(({ id }) => id))
  return {
    ...head,
    folder: written,
    kinds: (['cjs', 'esm'] as const).map((kind) => kindOf(kind, modules, baked, root, written)),
  }
}

function compileAgain(
  modules: readonly ModuleRecord[],
  root: string,
): ReadonlyMap<ModuleRecord, Uint8Array> {
  const units: { readonly module: ModuleRecord; readonly source: ModuleSource }[] = []
  for (const module of modules) {
    const { format, sourceHash, cacheBytes, path: relative } = module
    if ((format !== 'cjs' && format !== 'esm') || sourceHash === null || cacheBytes === 0) continue
    const file = path.join(root, relative)
    const source = existsSync(file) ? readSource(file, sourceHash) : undefined
    if (source !== undefined) units.push({ module, source: { kind: format, file, source } })
  }
  const made = compileEagerly(units.map(({ source }) => source))
  const recorded = modules.filter(({ cacheBytes }) => cacheBytes > 0)
  const none = new Uint8Array()
  const caches = new Map<ModuleRecord, Uint8Array>(recorded.map((module) => [module, none]))
  for (const [index, { module }] of units.entries()) {
    const cache = made?.[index]
    if (cache != null) caches.set(module, cache)
  }
  return caches
}

function kindOf(
  kind: ModuleKind,
  modules: readonly ModuleRecord[],
  baked: ReadonlySet<string>,
  root: string,
  folder: string,
): BakedKind {
  const recorded = modules.filter(({ format, cacheBytes }) => format === kind && cacheBytes > 0)
  const left = recorded.filter(({ id }) => !baked.has(id))
  const missing = left.filter(({ path: relative }) => !existsSync(path.join(root, relative)))
  const bytes = recorded
    .filter(({ id }) => baked.has(id))
    .map(({ path: relative }) => entryName(kind, keyOf(kind, path.join(root, relative), folder)))
    .reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
  return {
    kind,
    recorded: recorded.length,
    baked: recorded.length - left.length,
    changed: left.length - missing.length,
    missing: missing.length,
    bytes,
  }
}

function majorOf(version: string): string {
  return version.split('.', 1)[0] ?? version
}
