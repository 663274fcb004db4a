import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchChromium } from '../../scripts/chromium.mjs'

/** How long a condition may take to come true on a machine that others use, too, ms. */
const patienceMs = 20_000

/** A browser in which nothing may go wrong unseen. */
export class WatchedBrowser {
  /** Errors and warnings of pages, what their policy forbids, and requests to other places than the first one. */
  readonly troubles: string[] = []
  readonly #browser: Browser

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async launch(): Promise<WatchedBrowser> {
    return new WatchedBrowser(await launchChromium())
  }

  /** A page with a storage of its own. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    })
    context.setDefaultTimeout(patienceMs)
    await context.addInitScript(
      `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        console.error('policy: ' + violatedDirective + ' ' + blockedURI)
      })`,
    )
    const page = await context.newPage()
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.troubles.push(message.text())
    })
    page.on('pageerror', (error) => this.troubles.push(String(error)))
    page.on('crash', () => this.troubles.push('The page has crashed'))
    page.on('request', (request) => {
      const isOwn = ['blob:', 'data:'].some((scheme) => request.url().startsWith(scheme))
      if (!isOwn && placeOf(request.url()) !== placeOf(url)) this.troubles.push(request.url())
    })
    await page.goto(url)
    return page
  }

  /** Closes all pages. */
  async clear(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()))
  }

  async close(): Promise<void> {
    await this.#browser.close()
  }
}

/** Of a file the file itself: one that is saved alone has no others beside it. */
function placeOf(address: string): string {
  const { protocol, host, pathname } = new URL(address)
  return protocol === 'file:' ? pathname : host
}

/** Waits until what `actual` gives equals `expected`; tells the difference when it never does. */
export async function eventually<T>(actual: () => Promise<T> | T, expected: T): Promise<void> {
  await expect.poll(actual, { timeout: patienceMs }).toEqual(expected)
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds against WCAG 2.2 A and AA: rule, and the elements. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('typeof axe === "object"'))) await page.evaluate(axe)
  return page.evaluate<readonly string[]>(`axe
    .run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      resultTypes: ['violations'],
    })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => [id, target.join(' '), failureSummary].join(': ')),
    ))`)
}

/** How far the page can be scrolled sideways, px. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
}

/** Rows of a table, once it has some, as people read them: of each cell its first line. */
export async function tableIn(region: Locator): Promise<readonly (readonly string[])[]> {
  await region.locator('tbody tr').first().waitFor()
  const rows = await region.locator('tbody tr').all()
  return Promise.all(
    rows.map(async (row) =>
      (await row.locator('th, td').allInnerTexts()).map(
        (text) => text.trim().split('\n')[0]?.trim() ?? '',
      ),
    ),
  )
}

/** All that the link or button gives to save. */
export async function saved(page: Page, button: Locator): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return readFileSync(await download.path())
}
