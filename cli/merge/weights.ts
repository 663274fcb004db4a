import path from 'node:path'
import { InvalidArgumentError } from 'commander'
import { PrewarmError } from '../../formats/errors.ts'

const least = 0.001
const most = 1000

/** How often a file counts. */
export interface Weight {
  readonly file: string
  readonly weight: number
}

/** Parses one more value of `--weight`: `FILE=N`. Throws commander's `InvalidArgumentError`. */
export function appendWeight(text: string, earlier: readonly Weight[] = []): readonly Weight[] {
  const [, file = '', digits = ''] = /^(.+)=(\d+(?:\.\d+)?)$/s.exec(text) ?? []
  const weight = Number(digits)
  if (file === '' || weight < least || weight > most) {
    throw new InvalidArgumentError(`Give FILE=N, with N from ${least} to ${most}.`)
  }
  return [...earlier, { file, weight }]
}

/** The weight of each file, 1 where none is given. Throws `ERR_PREWARM_CLI_USAGE` for one of another file. */
export function weightsOf(files: readonly string[], weights: readonly Weight[]): readonly number[] {
  const places = files.map((file) => path.resolve(file))
  const unknown = weights.find(({ file }) => !places.includes(path.resolve(file)))
  if (unknown !== undefined) {
    throw new PrewarmError(
      'ERR_PREWARM_CLI_USAGE',
      `--weight ${unknown.file}=${unknown.weight}: this file is not among those that are merged`,
      { hint: `Name it as one of: ${files.join(', ')}` },
    )
  }
  return places.map(
    (place) => weights.findLast(({ file }) => path.resolve(file) === place)?.weight ?? 1,
  )
}
