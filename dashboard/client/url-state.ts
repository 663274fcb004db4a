import { viewNames, type ViewName, type ViewParams } from './view.ts'

/** What the hash of the URL says: `#/compare?file=ab12&route=GET%20%2F`. */
export interface UrlState {
  readonly view: ViewName
  readonly params: ViewParams
}

/** Never throws; what is not understood is the Compare view. Of a key that stands twice the last counts. */
export function parseHash(hash: string): UrlState {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s, 2)
  const view = viewNames.find((name) => name === path) ?? 'compare'
  return { view, params: Object.fromEntries(new URLSearchParams(query)) }
}

export function formatHash({ view, params }: UrlState): string {
  const query = new URLSearchParams(params).toString().replaceAll('+', '%20')
  return query === '' ? `#/${view}` : `#/${view}?${query}`
}

/** null takes a parameter out. */
export function withChanges(
  params: ViewParams,
  changes: Readonly<Record<string, string | null>>,
): ViewParams {
  const entries = Object.entries({ ...params, ...changes })
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null))
}
