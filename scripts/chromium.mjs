/** Debian's Chromium, in which tests, pictures and measurements of the dashboard open its page. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** undefined where none is installed. */
export const chromiumProgram = programs.find((program) => existsSync(program))

/** Starts it without a window, and without anything that it would ask the network for by itself. */
export function launchChromium() {
  if (chromiumProgram === undefined) {
    throw new Error('no Chromium here (Debian: apt-get install chromium)')
  }
  return chromium.launch({
    executablePath: chromiumProgram,
    args: [
      // Containers often forbid what its sandbox is made of; it opens nothing but our own page.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
