/** 32-bit FNV-1a of the UTF-16 code units, 8 hexadecimal digits: for names, without what `node:crypto` takes to load. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
