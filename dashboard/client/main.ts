import { mount } from './app-shell.ts'
import { httpSource } from './http-source.ts'

mount(httpSource(), {
  compare: () => import('./views/compare-view.ts'),
  replay: () => import('./views/replay-view.ts'),
  profile: () => import('./views/profile-view.ts'),
  start: () => import('./views/start-view.ts'),
  live: () => import('./views/live-view.ts'),
})
