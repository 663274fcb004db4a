#!/usr/bin/env node
// What CommonJS code can see of how it was loaded, printed to be compared with and without the code cache.
const path = require('node:path')
const say = (name, value) => console.log(name, JSON.stringify(value))
const here = (text) => String(text).replaceAll(__dirname, '<here>')

function whereAmI() { return new Error('x').stack.split('\n')[1] }
say('first line of the body', here(whereAmI()))
say('this is exports', this === exports && exports === module.exports)
say('arguments', arguments.length)
say('names', [path.basename(__filename), path.basename(__dirname)])
say('main', require.main === module)
say('require keys', Object.keys(require).sort())
say('resolve', here(require.resolve('./late.cjs')))
say('paths', require.resolve.paths('x')[0].endsWith('node_modules'))
say('resolve options', here(require.resolve('./late.cjs', { paths: [__dirname] })))
say('extensions', Object.keys(require.extensions).slice(0, 3))
say('cache', require.cache[__filename] === module)
say('same module twice', require('./late.cjs') === require('./late.cjs'))
say('children', module.children.map(({ id }) => path.basename(id)))
say('parent of child', path.basename(require.cache[require.resolve('./late.cjs')].parent.id))
try {
  require('./missing.cjs')
} catch (error) {
  say('missing', [error.code, error.requireStack.map((file) => path.basename(file))])
}
say('source text', whereAmI.toString().length)
say('cycle', require('./cycle-a.cjs').seen)
say('json', require('./package.json').name)
say('strict', (() => { 'use strict'; return this === exports })())
import('./late-esm.mjs').then((late) => {
  say('import()', typeof late.loadedAt)
  const failing = (() => {
    try {
      null.x
    } catch (error) {
      return here(error.stack.split('\n')[1])
    }
  })()
  say('later line', failing)
  require('node:http').createServer((request, response) => response.end('ok')).listen(0, function () {
    console.log(`listening on http://127.0.0.1:${this.address().port}`)
  })
})
