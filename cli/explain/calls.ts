import { fileURLToPath } from 'node:url'

/** A script as V8 counts it; the first range of a function is all of it. */
export interface CoveredScript {
  readonly url: string
  readonly functions: readonly {
    readonly functionName: string
    readonly ranges: readonly {
      readonly startOffset: number
      readonly endOffset: number
      readonly count: number
    }[]
  }[]
}

/** Functions of one file, without its top level and what belongs to that. */
export interface FileCalls {
  readonly functions: number
  readonly called: number
}

/** What compilers put in front of a module, to be called by its top level, and the getters by which it passes on others. */
const helpers =
  /^(get|__(importDefault|importStar|createBinding|exportStar|setModuleDefault|decorate|metadata|param|awaiter|rest|extends|esModule|export|copyProps|toESM|toCommonJS|commonJS|esm|name|require)|_interopRequire(Default|Wildcard)|_interop_require_(default|wildcard)|_export|_getRequireWildcardCache|ownKeys)$/

/** What stands behind a function expression that is called where it stands. */
const callBehind = /^\s*(?:\)\s*)?(?:\.(?:call|apply)\s*)?\(/

/**
 * Which functions of a file were called, by its name; those of several processes and threads are added up.
 *
 * @param sourceOf - text of the file; undefined: it cannot be read
 */
export function callsByFile(
  scripts: readonly CoveredScript[],
  sourceOf: (file: string) => string | undefined,
): ReadonlyMap<string, FileCalls> {
  const calls = new Map<string, FileCalls>()
  for (const script of scripts) {
    const file = fileOf(script.url)
    if (file === undefined) continue
    const found = callsOf(script, sourceOf(file) ?? '')
    const before = calls.get(file)
    calls.set(file, {
      functions: Math.max(found.functions, before?.functions ?? 0),
      called: Math.max(found.called, before?.called ?? 0),
    })
  }
  return calls
}

function callsOf({ functions }: CoveredScript, source: string): FileCalls {
  let end = 0
  for (const { ranges } of functions) end = Math.max(end, ranges[0]?.endOffset ?? 0)
  let counted = 0
  let called = 0
  for (const { functionName, ranges } of functions) {
    const [whole] = ranges
    if (whole === undefined || (whole.startOffset === 0 && whole.endOffset === end)) continue
    if (helpers.test(functionName)) continue
    const behind = source.slice(whole.endOffset, whole.endOffset + 40)
    // It runs with the top level, whose part it is.
    if (whole.count <= 1 && callBehind.test(behind)) continue
    counted++
    if (whole.count > 0) called++
  }
  return { functions: counted, called }
}

function fileOf(url: string): string | undefined {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : undefined
  } catch {
    return undefined
  }
}
