/** What the preload, an ES module, gives to the replayer, a script that V8 has a code cache of. */
export interface Host {
  /** `import()`, which fails on Node 20 in a script out of a code cache. */
  importModule(url: string, options?: ImportCallOptions): Promise<unknown>
  /** Absolute path of the folder of both. */
  readonly folder: string
  /** Version of prewarm, and hash of the script: what is kept for the next start is for this build alone. */
  readonly build: string
  /** Absolute path of the code cache of the script; undefined: there is no place for it. */
  readonly cacheFile: string | undefined
  /** Of the functions that have run by now; undefined: the script has come out of its code cache. */
  readonly makeCodeCache: (() => Uint8Array) | undefined
}

/** Parameter of the function that the bundle is. */
declare const prewarmHost: Host

export const host = prewarmHost
