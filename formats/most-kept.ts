/**
 * What a recorder keeps at most, and what merging keeps to: far below the hard limits of the format, which are about files
 * that nobody can trust.
 */
export const mostKept = {
  /** Distinct requests of a route. */
  exemplarsPerRoute: 16,
  /** Of them every fourth is held out for measuring. */
  heldOutEvery: 4,
  /** Bytes of all recorded requests together. */
  exemplarBytes: 16 * 1024 * 1024,
  /** Bytes of all bodies of recorded answers to outbound calls together. */
  tapeBytes: 16 * 1024 * 1024,
  /** Bytes of all code caches together; modules beyond it go without. */
  cacheBytes: 512 * 1024 * 1024,
  /** Distinct calls of one kind of work. */
  samplesPerWork: 16,
  /** Characters of the arguments of all calls together. */
  argumentCharacters: 4 * 1024 * 1024,
} as const
