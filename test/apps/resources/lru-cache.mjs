// Caches its answers: in a plain cache, in one that disposes of its entries, and in one that may keep them.
import { createServer } from 'node:http'
import { LRUCache } from 'lru-cache'
import { register } from '../../../dist/index.js'
import { lruCache } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const disposed = []
const caches = {
  plain: new LRUCache({ max: 2, ttl: 3_600_000 }),
  watched: new LRUCache({ max: 3, dispose: (value) => disposed.push(value) }),
  kept: new LRUCache({ max: 4 }),
}
for (const cache of Object.values(caches)) cache.set('start', 'value').set('replaced', 'old')
if (!process.env.WITHOUT) {
  register(lruCache(caches.plain))
  register(lruCache(caches.watched))
  register(lruCache(caches.kept, { keep: true }))
}

const server = createServer((request, response) => {
  if (request.url === '/caches') {
    const contents = Object.entries(caches).map(([name, cache]) => [name, [...cache.entries()]])
    return response.end(JSON.stringify({ ...Object.fromEntries(contents), disposed }))
  }
  for (const cache of Object.values(caches)) {
    if (!cache.has(request.url)) cache.set(request.url, 'answer')
    if (cache.get('replaced') === 'old') cache.set('replaced', 'new')
  }
  response.end('ok')
})
serve(server)
