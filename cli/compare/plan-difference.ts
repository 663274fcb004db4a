import type { ResultsPlan } from '../../formats/results.ts'

/** What has to be the same for starts to be added to a file; the rest is how they are evaluated. */
const aspects: readonly (readonly [name: string, of: (plan: ResultsPlan) => unknown])[] = [
  ['command', ({ command }) => command.join(' ')],
  [
    'arms',
    ({ arms }) =>
      arms.map(({ name, setting }) => (setting === '' ? name : `${name}=${setting}`)).join(', '),
  ],
  ['rounds', ({ rounds }) => rounds],
  ['load', ({ load }) => loadOf(load)],
  ['requests', ({ requests }) => requests.map(({ method, path }) => `${method} ${path}`)],
  [
    'headers or bodies of the requests',
    ({ requestsDigest }) => requestsDigest?.slice(0, 12) ?? 'unknown',
  ],
  ['requests that are also rehearsed', ({ alsoRehearsed }) => alsoRehearsed],
  ['profile', ({ profile }) => profile?.digest ?? 'none'],
  ['mode', ({ profile }) => profile?.mode ?? 'none'],
  ['budget', ({ profile }) => (profile === null ? 'none' : `${profile.budgetMs}ms`)],
  ['prewarm', ({ prewarm }) => prewarm],
  [
    'machine',
    ({ machine: { platform, arch, cpu, cores } }) => `${platform} ${arch}, ${cpu}, ${cores} cores`,
  ],
]

/** The first difference that matters, as `rounds: 200 there, 100 here`; null: there is none. */
export function planDifference(there: ResultsPlan, here: ResultsPlan): string | null {
  for (const [name, of] of aspects) {
    const [one, other] = [of(there), of(here)]
    if (JSON.stringify(one) === JSON.stringify(other)) continue
    return Array.isArray(one) && Array.isArray(other)
      ? listDifference(name, one as readonly string[], other as readonly string[])
      : `${name}: ${String(one)} there, ${String(other)} here`
  }
  return here.runs < there.runs ? `runs: ${there.runs} there, only ${here.runs} here` : null
}

/** Lists are long; the first entry that differs says enough. */
function listDifference(name: string, there: readonly string[], here: readonly string[]): string {
  if (there.length !== here.length) return `${name}: ${there.length} there, ${here.length} here`
  const index = there.findIndex((entry, at) => entry !== here[at])
  return `${name}: ${there[index] ?? ''} there, ${here[index] ?? ''} here`
}

function loadOf({ kind, ratePerSecond }: ResultsPlan['load']): string {
  return ratePerSecond === null ? `${kind} loop` : `${kind} loop at ${ratePerSecond} a second`
}
