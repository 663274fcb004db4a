/** Hard limits of the format. A file over any of them is refused before anything is allocated for it. */
export const limits = {
  /** Sections in one file. */
  sections: 16,
  /** Bytes of one MessagePack section. */
  structureBytes: 64 * 1024 * 1024,
  /** Bytes of the whole file. */
  fileBytes: 1024 * 1024 * 1024,
  /** Nesting of arrays and maps in a MessagePack section. */
  depth: 12,
  /** Values in one MessagePack section. */
  values: 4_000_000,
  /** Entries of one array or map. */
  entries: 200_000,
  /** UTF-16 code units of one string. */
  stringLength: 1024 * 1024,
  /**
   * Bytes of a request body that the recorder keeps. Reading does not check this one: redaction can make a body longer.
   */
  bodyBytes: 64 * 1024,
} as const
