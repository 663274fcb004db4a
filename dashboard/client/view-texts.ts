import { html, type TemplateResult } from 'lit'
import './components/copy-command.ts'
import type { ViewName } from './view.ts'

export const titleOf: Readonly<Record<ViewName, string>> = {
  compare: 'Compare',
  replay: 'Replay',
  profile: 'Profile',
  start: 'Start',
  live: 'Live',
}

const empty = {
  compare: {
    heading: 'No results of a comparison here',
    text: 'They are written with --save, while it measures:',
    command: 'npx prewarm compare -p app.prewarm --save app.results.jsonl -- node app.js',
  },
  replay: {
    heading: 'No run report here',
    text: 'Every start with prewarm writes one beside its profile:',
    command: 'npx prewarm run -p app.prewarm -- node app.js',
  },
  profile: {
    heading: 'No profile here',
    text: 'One is recorded under traffic:',
    command: 'npx prewarm record -o app.prewarm -- node app.js',
  },
  start: {
    heading: 'No explained start here',
    text: 'One is measured on this machine:',
    command: 'npx prewarm explain-start -o app.start.json -- node app.js',
  },
} as const

/** What stands where a view would be, had it a file. */
export function emptyOf(view: Exclude<ViewName, 'live'>): TemplateResult {
  const { heading, text, command } = empty[view]
  return html`<empty-panel heading=${heading}>
    <p>${text}</p>
    <copy-command command=${command}></copy-command>
  </empty-panel>`
}
