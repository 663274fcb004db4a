import { wrapperLength, wrapperPrefix } from './commonjs.ts'

/** Where the text of a module stands in the script that V8 has of it, UTF-16 code units. */
export interface ModuleText {
  readonly shift: number
  readonly length: number
}

/** The name of the file twice. */
const maxSuffixLength = 16 * 1024
/** Node puts it behind the text of a module that it has stripped of its types; it holds the folder that the application is in. */
const sourceUrl = '\n\n//# sourceURL='

export function moduleTextIn(script: string): ModuleText {
  if (script.startsWith(wrapperPrefix)) {
    return { shift: wrapperPrefix.length, length: script.length - wrapperLength }
  }
  return { shift: 0, length: script.length - suffixLength(script.slice(-maxSuffixLength)) }
}

/** There may be two of them. */
function suffixLength(end: string): number {
  let length = 0
  for (;;) {
    const rest = end.slice(0, end.length - length)
    const at = rest.lastIndexOf(sourceUrl)
    if (at === -1 || rest.includes('\n', at + sourceUrl.length)) return length
    length += rest.length - at
  }
}
