import { mount } from './app-shell.ts'
import { embeddedSource, readEmbedded } from './embedded-source.ts'

mount(embeddedSource(readEmbedded(document)), {
  compare: () => import('./views/compare-view.ts'),
  replay: () => import('./views/replay-view.ts'),
})
