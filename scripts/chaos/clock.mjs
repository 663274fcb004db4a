// Preloaded: a clock that is hours off, and jumps there and back while the process runs. CHAOS_CLOCK: hours.
const { now } = Date
const hours = Number(process.env.CHAOS_CLOCK ?? 0)
let calls = 0
Date.now = () => now() + (calls++ % 2 === 0 ? hours : -hours) * 3_600_000
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget),
})
