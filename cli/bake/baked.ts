import type { ModuleKind } from '../../runtime/compile-cache/entry.ts'
import type { PackCounts } from '../../runtime/load-pack/make.ts'

/** What the parent asks a process of the production Node for, as JSON on its stdin. */
export interface BakeOrder {
  /** Absolute path. */
  readonly profile: string
  /** Absolute path of the folder of code caches. */
  readonly folder: string
  /** Absolute path of the application. */
  readonly root: string
  /** Other users whose processes are to find the caches. */
  readonly users: readonly number[]
}

/** Modules of one kind that have a code cache in the profile. */
export interface BakedKind {
  readonly kind: ModuleKind
  readonly recorded: number
  readonly baked: number
  /** Their source is not the recorded one. */
  readonly changed: number
  /** Their file is not there. */
  readonly missing: number
  /** Of what was baked, in the folder. */
  readonly bytes: number
}

/** What the child answers, as JSON on its stdout. */
export interface Baked {
  readonly node: string
  readonly arch: string
  readonly codeCacheTag: number
  /** What Node reads; null: it has no compile cache. */
  readonly folder: string | null
  /** False: V8 would refuse the caches of the profile, so that they were compiled anew. */
  readonly fromProfile: boolean
  readonly kinds: readonly BakedKind[]
  readonly pack: PackCounts & {
    /** Absolute path. */
    readonly file: string
  }
}

/** Why there is nothing to bake. */
export interface NotBaked {
  readonly refusal: string
  readonly hint: string
}
