import { createRequire } from 'node:module'
import type { Topic } from './topic.ts'

/** One that is installed for the tests of this project anyway; undefined: there is none for this platform. */
function installedAddon(): string | undefined {
  try {
    return createRequire(import.meta.resolve('rolldown', import.meta.resolve('vite'))).resolve(
      `@rolldown/binding-${process.platform}-${process.arch}-gnu`,
    )
  } catch {
    return undefined
  }
}

const addon = installedAddon()

/** A shared object, through a symbolic link. */
export const addons: Topic = {
  name: 'addons',
  files:
    addon === undefined
      ? {}
      : {
          'addons/own.node': { link: addon },
          'addons/index.cjs': `
const first = require('./own.node')
see('addon', [Object.keys(first).slice(0, 5), first === require('./own')])
const file = require.resolve('./own')
const { id, loaded, parent, children } = require.cache[file]
see('module', { id, loaded, parent: parent.id, children })
delete require.cache[file]
attempt('again', () => Object.keys(require('./own.node')).length === Object.keys(first).length)
attempt('dlopen', () => {
  const module = { exports: {} }
  process.dlopen(module, file)
  return Object.keys(module.exports).length > 0
})
`,
        },
  load: addon === undefined ? [] : ['addons/index.cjs'],
}
