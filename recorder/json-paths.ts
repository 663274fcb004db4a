import { PrewarmError } from '../formats/errors.ts'

/** One step of a path and what follows it; undefined: nothing, the value is meant. */
interface Step {
  /** Lower case. any: every key or index of one level; deep: any number of levels, none included. */
  readonly key: string | { readonly is: 'any' | 'deep' }
  readonly next: Step | undefined
}

/** The steps that the children of a value may match, of all paths. */
export type PathState = readonly Step[]

export interface Entered {
  readonly isMeant: boolean
  readonly below: PathState
}

const any = { is: 'any' } as const
const deep = { is: 'deep' } as const
/** What most values are, as most recordings name no paths. */
const elsewhere: Entered = { isMeant: false, below: [] }
/** `.name`, `.*`, `.**`, `..`, `[*]`, `['any name']`; two dots stand before a step of their own. */
const stepText = /\.(\.|\*\*|\*|[^.[\]*'"]+)|\[(\*|'[^']+'|"[^"]+")\]|([^.[\]*'"]+|\*)/gy

/** Tells a path such as `$.customer.address` from a name; `$filter` is a name. */
export function isJsonPath(text: string): boolean {
  return /^\$[.[]/.test(text)
}

/**
 * Which values of a JSON document are meant by paths. Case does not matter, and lists are looked through: `$.items.price`
 * is the price of every item, as `$.items[*].price` is.
 */
export class JsonPaths {
  /** For the value that is the whole document. */
  readonly root: PathState

  /** Throws `ERR_PREWARM_CFG_VALUE`. */
  constructor(paths: readonly string[]) {
    this.root = reachable(paths.map(parse))
  }

  /** One level down: whether the value under a key is meant, and what may be so below it. */
  enter(state: PathState, key: string): Entered {
    if (state.length === 0) return elsewhere
    const lower = key.toLowerCase()
    const matching = state.filter((step) => step.key === any || step.key === lower)
    const isMeant = matching.some(({ next }) => next === undefined)
    const stays = state.filter((step) => step.key === deep)
    return { isMeant, below: reachable([...stays, ...matching.flatMap(({ next }) => next ?? [])]) }
  }

  /** The same for the elements of a list, which all have the same. */
  enterList(state: PathState): Entered {
    if (state.length === 0) return elsewhere
    const { isMeant, below } = this.enter(state, '[]')
    const lookedThrough = state.filter(({ key }) => key !== any)
    return { isMeant, below: [...new Set([...lookedThrough, ...below])] }
  }

  /** The same for a key of a form: `customer[address]`, `items[0].price`. */
  enterField(name: string): Entered {
    let entered: Entered = { isMeant: false, below: this.root }
    for (const key of name.split(/[.[\]]+/)) {
      if (key === '' || entered.isMeant || entered.below.length === 0) continue
      const isIndex = /^\d+$/.test(key)
      entered = isIndex ? this.enterList(entered.below) : this.enter(entered.below, key)
    }
    return entered
  }
}

/** Together with what follows a `deep` step, since that may stand for no level at all. */
function reachable(steps: readonly Step[]): PathState {
  const found = new Set<Step>()
  for (const first of steps) {
    let step: Step | undefined = first
    while (step !== undefined && !found.has(step)) {
      found.add(step)
      step = step.key === deep ? step.next : undefined
    }
  }
  return [...found]
}

function parse(path: string): Step {
  const keys: Step['key'][] = []
  const text = path.slice(1)
  stepText.lastIndex = 0
  while (stepText.lastIndex < text.length) {
    const isAfterDots = keys.at(-1) === deep && text[stepText.lastIndex - 1] === '.'
    const [, afterDot, inBrackets, bare] = stepText.exec(text) ?? []
    const step = afterDot ?? inBrackets ?? (isAfterDots ? bare : undefined)
    if (step === undefined) throw unusable(path)
    if (step === '.' || step === '**') keys.push(deep)
    else if (step === '*') keys.push(any)
    else keys.push((inBrackets === undefined ? step : step.slice(1, -1)).toLowerCase())
  }
  // All that is below is meant: each value at any level.
  if (keys.at(-1) === deep) keys.push(any)
  const steps = keys.reduceRight<Step | undefined>((next, key) => ({ key, next }), undefined)
  if (steps === undefined) throw unusable(path)
  return steps
}

function unusable(path: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_CFG_VALUE', `The path ${path} cannot be used`, {
    hint: "Expected steps such as $.customer.address, $.items[*].price, $['any name'], $.**.email",
  })
}
