import { spawn } from 'node:child_process'

/** Opens an address in the browser of this desktop. Never throws: where that cannot be done, a sentence says so. */
export function openBrowser(url: string, report: (sentence: string) => void): void {
  const [command, ...args] = opener(url)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  const say = (): void => {
    report(`No browser could be opened with ${command}.`)
  }
  child.once('error', say)
  child.once('exit', (code) => {
    if (code !== 0) say()
  })
  child.unref()
}

function opener(url: string): readonly [command: string, ...args: string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', url]
    case 'win32':
      // The first argument in quotes is the title of a window.
      return ['cmd', '/c', 'start', '""', url]
    default:
      return ['xdg-open', url]
  }
}
