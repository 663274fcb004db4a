// Preloaded after the replayer: dies soon after the port has opened, but only where a profile is in use.
import { whenReady } from '../../../dist/index.js'

void whenReady().then(({ state }) => {
  if (state === 'open') setTimeout(() => process.abort(), 300)
})
