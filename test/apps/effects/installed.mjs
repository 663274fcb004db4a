// What a second installation changes, and what completion loads.
import { mkdirSync } from 'node:fs'

effectHooks.installEffectHooks()
await Promise.all([effectHooks.completeEffectHooks(), effectHooks.completeEffectHooks()])
const told = await observe(() => mkdirSync('/none/at/all'), { refuse: true })
const isHttp2Loaded = process.moduleLoadList.includes('NativeModule http2')
console.log(JSON.stringify({ told, isHttp2Loaded }))
