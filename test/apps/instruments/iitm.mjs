// What tracers of other makes consist of: a loader hook that wraps the exports of modules, and a hook of `require()`.
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Hook } from 'import-in-the-middle'
import { Hook as RequireHook } from 'require-in-the-middle'

globalThis.spans = []
const wrap = (exports) => {
  const original = exports.answer
  exports.answer = (request, response) => {
    if (request.url !== '/spans') globalThis.spans.push({ path: request.url })
    return original(request, response)
  }
  return exports
}
register('import-in-the-middle/hook.mjs', import.meta.url)
const file = fileURLToPath(new URL('answer.cjs', import.meta.url))
new Hook([file], wrap, { internals: true })
new RequireHook([file], wrap)
