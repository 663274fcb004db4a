/** A documentation address of RFC 5737: in a profile it stands for a client's. */
export const exampleAddress = '192.0.2.1'

/**
 * What stands for it in the requests of one connection: of RFC 2544's range for benchmarks, which no client has. Were it
 * always the same, limits per address would be used up by a rehearsal, and only for the rehearsal.
 */
export function rehearsedAddress(connection: number): string {
  return `198.18.${(connection >> 8) & 255}.${connection & 255 || 1}`
}
