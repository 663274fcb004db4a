// Every kind of value that the natives could be given: `make` returns one, and `use`, where there is one, calls it with the same
// answer each time. Not strict, since some kinds cannot be.
const { EventEmitter } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const util = require('node:util')
const vm = require('node:vm')
const { MessageChannel, MessagePort } = require('node:worker_threads')

const kinds = []
const kind = (name, make, use) => kinds.push({ name, make, use })
/** A kind that not every Node line has, or not with every flag. */
const ifAny = (name, make, use) => {
  try {
    if (make() !== undefined) kind(name, make, use)
  } catch {
    // Not here.
  }
}
const each = (values) => {
  for (const [name, value] of Object.entries(values)) kind(name, () => value)
}
const call = (fn) => fn(2, 3)
const construct = (fn) => JSON.stringify(new fn(2, 3))
/** Of a function that returns a promise or a generator: its answer would come too late. */
const start = (fn) => typeof fn(2, 3)
const outcome = (fn) => {
  try {
    return fn(2, 3)
  } catch (error) {
    return String(error.name ?? error)
  }
}
let scripts = 0
/** V8 keeps what it compiled by its text, so no text comes twice. */
const evaluate = (text) => (0, eval)(`/* ${++scripts} */ (${text})`)

each({
  undefined: undefined,
  null: null,
  true: true,
  zero: 0,
  minusOne: -1,
  fraction: 1.5,
  nan: NaN,
  twoTo40: 2 ** 40,
  emptyString: '',
  string: 'function () {}',
  bigint: 1n,
  symbol: Symbol('f'),
  wellKnownSymbol: Symbol.iterator,
  object: {},
  bareObject: Object.create(null),
  array: [1, 2],
  date: new Date(0),
  pattern: /f/,
  map: new Map(),
  promise: Promise.resolve(1),
  typedArray: new Uint8Array(4),
  argumentsObject: arguments,
  globalObject: globalThis,
  error: new Error('f'),
  proxyOfObject: new Proxy({}, {}),
  functionLike: { __proto__: Function.prototype, call() {} },
})

const { proxy: revokedProxy, revoke } = Proxy.revocable(function () {}, {})
revoke()
let resolve, reject
new Promise((...both) => ([resolve, reject] = both))
const { port1 } = new MessageChannel()
port1.close()
const getterOf = (object, name) => Object.getOwnPropertyDescriptor(object, name).get
const strictArguments = evaluate("function () { 'use strict'; return arguments }")()
each({
  arrayMap: Array.prototype.map,
  parseInt,
  promiseConstructor: Promise,
  objectConstructor: Object,
  functionConstructor: Function,
  functionPrototype: Function.prototype,
  typedArrayConstructor: Object.getPrototypeOf(Uint8Array),
  symbolConstructor: Symbol,
  eval: eval,
  reflectApply: Reflect.apply,
  generatorNext: Object.getPrototypeOf(function* () {}.prototype).next,
  asyncGeneratorNext: Object.getPrototypeOf(async function* () {}.prototype).next,
  resolve,
  reject,
  revoke: Proxy.revocable({}, {}).revoke,
  throwTypeError: getterOf(strictArguments, 'callee'),
  protoGetter: getterOf(Object.prototype, '__proto__'),
  speciesGetter: getterOf(Array, Symbol.species),
  collatorCompare: new Intl.Collator().compare,
  numberFormat: new Intl.NumberFormat('en').format,
  dateFormat: new Intl.DateTimeFormat('en').format,
  messagePort: MessagePort,
  postMessage: port1.postMessage,
  reallyExit: process.reallyExit,
  dlopen: process.dlopen,
  wasmInstantiate: globalThis.WebAssembly?.instantiate,
  wasmModule: globalThis.WebAssembly?.Module,
  revokedProxy,
})
ifAny('binding', () => process.binding('fs').open)
ifAny('bindingConstructor', () => process.binding('tcp_wrap').TCP)
const add = '(a, b) => a + b'
const dishonest = () => {
  throw new Error('trap')
}
kind('bound', () => evaluate(add).bind(null), call)
kind('boundTwice', () => evaluate(add).bind(null, 1).bind(null), call)
kind('boundClass', () => evaluate('class { constructor(a) { this.a = a } }').bind(null), construct)
kind('boundBuiltin', () => Math.max.bind(null, 1), call)
kind('proxy', () => new Proxy(evaluate(add), {}), call)
kind('proxyOfClass', () => new Proxy(evaluate('class { a = 1 }'), {}), construct)
kind('proxyOfProxy', () => new Proxy(new Proxy(evaluate(add), {}), {}), call)
kind('throwingProxy', () => new Proxy(evaluate(add), { get: dishonest, has: dishonest }), call)

// (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const wasm = Buffer.from('AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=', 'base64')
const wasmAdd = () => new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports.add
const wasmType = { parameters: ['i32', 'i32'], results: ['i32'] }
const often = (fn, times) => {
  for (let time = 0; time < times; time++) fn(time, 1)
  return fn
}
ifAny('wasm', wasmAdd, call)
ifAny('wasmUsed', () => often(wasmAdd(), 2000), call)
ifAny(
  'wasmOfTable',
  () => new WebAssembly.Table({ element: 'anyfunc', initial: 1 }, wasmAdd()).get(0),
  call,
)
ifAny('wasmPromising', () => WebAssembly.promising(wasmAdd()), start)
ifAny('wasmSuspending', () => new WebAssembly.Suspending(evaluate(add)))
ifAny('wasmFunction', () => new WebAssembly.Function(wasmType, evaluate(add)), call)
ifAny('shadowRealm', () => new ShadowRealm().evaluate(add), call)
ifAny('withNatives', () => new Function('a', 'return %IsMaglevEnabled()'), call)

const asm = (body) => `function (stdlib, foreign, heap) { 'use asm'; ${body} }`
const asmAdd = 'function add(a, b) { a = a | 0; b = b | 0; return (a + b) | 0 } return { add: add }'
const asmView = `var view = new stdlib.Int32Array(heap); ${asmAdd}`
for (const [name, body, heap] of [
  ['asm', asmAdd],
  ['asmHeap', asmView, new ArrayBuffer(65536)],
  // Valid when it is compiled, and refused when it is linked.
  ['asmBadHeap', asmView, new ArrayBuffer(28)],
  ['asmInvalid', 'function add(a, b) { return a + b } return { add: add }'],
]) {
  const used = (fn) => fn(globalThis, {}, heap).add
  kind(name, () => evaluate(asm(body)))
  kind(`${name}Used`, () => {
    const fn = evaluate(asm(body))
    used(fn)
    return fn
  })
  kind(`${name}Export`, () => used(evaluate(asm(body))), call)
  kind(`${name}Around`, () => evaluate(`function (a, b) { var f = ${asm(body)}; return a }`), call)
}
kind('asmMethod', () => evaluate("{ add(a, b) { 'use asm'; return a + b } }").add, call)
kind('asmArrow', () => evaluate("(a, b) => { 'use asm'; return a + b }"), call)

for (const [name, text, use = call] of [
  ['plain', 'function (a, b) { return a + b }'],
  ['named', 'function named(a, b) { return a + b }'],
  ['strict', "function (a, b) { 'use strict'; return [this === undefined, a + b] }"],
  ['arrow', add],
  ['arrowOfIdentifier', 'a => a'],
  ['arrowOfClasses', 'classes => classes'],
  ['arrowOfPattern', '({ length }) => length', (fn) => fn('ab')],
  ['async', 'async function (a) { return await a }', start],
  ['asyncArrow', 'async (a) => a', start],
  ['asyncArrowOfIdentifier', 'async a => { await a }', start],
  ['generator', 'function* (a, b) { yield a; yield b }', (fn) => [...fn(2, 3)]],
  ['asyncGenerator', 'async function* (a) { yield a }', start],
  ['class', 'class { constructor(a) { this.a = a } }', construct],
  ['defaultClass', 'class {}', construct],
  ['derivedDefaultClass', 'class extends class { constructor(a) { this.a = a } } {}', construct],
  ['derivedClass', 'class extends Array { constructor(a) { super(); this.push(a) } }', construct],
  ['fields', 'class { a = 1; #b = 2; static c = 3; static { this.d = 4 } }', construct],
  ['derivedFields', "class extends Object { a = 1; ['b' + 1] = () => this.a }", construct],
  ['extendsNull', 'class extends null {}', (fn) => typeof fn],
  ['oldConstructor', 'function (a) { this.a = a }', construct],
  ['newTarget', 'function () { return new.target === undefined }'],
  ['sloppyArguments', 'function (a) { arguments[0] = 7; return a + arguments.length }'],
  ['sloppyThis', 'function () { return typeof this }', (fn) => fn.call(1)],
  ['rest', '(...all) => all.length'],
  ['defaults', '(a, b = (() => a)(), c = b) => a + b + c'],
  ['patterns', '({ a, ...rest }, [b]) => [a, rest, b]', (fn) => fn({ a: 1, c: 2 }, [3])],
  ['with', 'function (object) { with (object) return a }', (fn) => fn({ a: 1 })],
  ['debugger', 'function (a) { debugger; return a }'],
  ['eval', "function (a) { return eval('a + 1') }"],
  ['evalVariable', "function (a) { eval('var b = a'); return (() => b)() }"],
  ['throws', 'function (a) { throw a }', outcome],
  ['finally', 'function (a) { for (;;) { try { return a } finally { break } } return 2 }'],
  ['loop', 'function (a) { let s = 0; for (let i = 0; i < 1000; i++) s += i & a; return s }'],
  [
    'closures',
    'function (n) { return Array.from({ length: n }, (_, i) => () => i).map((f) => f()) }',
  ],
  ['recursive', 'function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }', (fn) => fn(9)],
  [
    'forIn',
    'function () { let all = ""; for (const key in { a: 1, b: 2 }) all += key; return all }',
  ],
  ['switch', 'function (a) { switch (a) { case 1: return "a"; case 2: return "b" } }'],
  ['pattern', 'function (a) { return /(\\d)/.exec(`x${a}`)[1] }'],
  ['tagged', 'function (a) { return ((all) => all.raw[0])`a\\n` }'],
  ['bigints', 'function (a) { return String(BigInt(a) ** 65n) }'],
  ['import', 'function () { return import("node:fs") }', start],
  ['parameters300', `(${Array.from({ length: 300 }, (_, i) => `p${i}`).join()}) => p0 + p299`],
  ['arguments600', `function (a) { return Math.max(${'a,'.repeat(600)} a) }`],
]) {
  kind(name, () => evaluate(text), use)
}
for (const [name, text, take, use = call] of [
  ['method', '{ add(a, b) { return a + b } }', ({ add }) => add],
  ['computedMethod', "{ ['a' + 'dd'](a, b) { return a + b } }", ({ add }) => add],
  ['superMethod', '{ __proto__: { a: 1 }, get() { return super.a } }', ({ get }) => get],
  ['asyncMethod', '{ async add(a) { return await a } }', ({ add }) => add, start],
  ['getter', '{ get a() { return 1 } }', (object) => getterOf(object, 'a')],
  ['setter', '{ set a(b) { this.b = b } }', (o) => Object.getOwnPropertyDescriptor(o, 'a').set],
  ['staticMethod', 'class { static add(a, b) { return a + b } }', ({ add }) => add],
  ['privateMethod', 'class { #a() { return 1 } get() { return this.#a } }', (c) => new c().get()],
  ['fieldArrow', 'class { add = (a, b) => a + b }', (fn) => new fn().add],
  ['inner', 'function () { return function (a, b) { return a + b } }', (fn) => fn()],
  [
    'suspended',
    'function* (a, b) { yield a; yield b }',
    (fn) => {
      fn.waiting = fn(1, 2)
      fn.waiting.next()
      return fn
    },
    (fn) => [...fn(2, 3)],
  ],
  // It is parsed in a loop and compiled recursively, so it runs out of stack when it is called.
  ['uncompilable', `function () { return (x) => x${'.a'.repeat(40_000)} }`, (fn) => fn(), outcome],
  ['baseline', 'function (a) { return a + 1 }', (fn) => often(fn, 100)],
  [
    'optimised',
    'function (a) { let s = 0; for (let i = 0; i < 100; i++) s += i & a; return s }',
    (fn) => often(fn, 2000),
  ],
]) {
  kind(name, () => take(evaluate(text)), use)
}
// TurboFan does not take more than 61,440 bytes of bytecode.
const big = evaluate(`function (a) { let s = 0; ${'s += a * a - s;'.repeat(8000)} return s }`)
kind('big', () => big, call)
const hot = often(
  evaluate('function (a) { let s = 0; for (const b of [a, a]) s += b; return s }'),
  1e5,
)
kind('hot', () => hot, call)

const realm = vm.createContext({})
const inRealm = (text) => vm.runInContext(`/* ${++scripts} */ (${text})`, realm)
kind('commonJsWrapper', () => require('./wrapper.cjs'))
kind(
  'require',
  () => require,
  (fn) => typeof fn('node:fs'),
)
kind('newFunction', () => new Function('a', 'b', `return a + b + ${++scripts} * 0`), call)
kind('newFunctionEmpty', () => new Function(), call)
kind(
  'newGenerator',
  () => new function* () {}.constructor('a', 'yield a'),
  (fn) => [...fn(1)],
)
kind('newAsync', () => new async function () {}.constructor('a', 'await a'), start)
kind(
  'constructed',
  () => Reflect.construct(Function, ['a', 'return a'], class extends Function {}),
  call,
)
kind('evalInside', () => eval(`(a) => a + scripts * 0 + ${++scripts} * 0`), call)
kind('vmScript', () => new vm.Script(`(a, b) => a + b + ${++scripts} * 0`).runInThisContext(), call)
kind('vmFunction', () => vm.compileFunction('return a + b', ['a', 'b']), call)
kind(
  'codeCache',
  () => {
    const text = `(() => (a, b) => a + b + ${++scripts} * 0)()`
    const script = new vm.Script(text)
    script.runInThisContext()(1, 2)
    const options = { cachedData: script.createCachedData(), filename: 'cached.js' }
    return new vm.Script(text, options).runInThisContext()
  },
  call,
)
kind('realmFunction', () => inRealm('function (a, b) { return a + b }'), call)
kind('realmClass', () => inRealm('class { a = 1 }'), construct)
kind('realmBuiltin', () => inRealm('Array.prototype.map'))
kind('realmPrototype', () => inRealm('Function.prototype'))
kind('realmNewFunction', () => inRealm('new Function("a", "return a")'), call)
kind(
  'realmConstructed',
  () => Reflect.construct(Function, ['a', 'return a'], inRealm('Function')),
  call,
)
kind('realmGlobal', () => inRealm('globalThis'))
kind('realmGone', () => vm.runInNewContext('(a) => a'), call)

for (const [name, dress] of Object.entries({
  patchedToString: (fn) => (fn.toString = () => ''),
  throwingToString: (fn) => (fn.toString = dishonest),
  throwingName: (fn) => Object.defineProperty(fn, 'name', { get: dishonest }),
  noPrototype: (fn) => Object.setPrototypeOf(fn, null),
  throwingPrototype: (fn) => Object.setPrototypeOf(fn, new Proxy({}, { get: dishonest })),
  frozen: (fn) => Object.freeze(fn),
  manyProperties: (fn) => Object.assign(fn, Array(200).fill(1)),
  asPrototype: (fn) => Object.create(fn),
})) {
  kind(
    name,
    () => {
      const fn = evaluate('function (a, b) { return a + b }')
      dress(fn)
      return fn
    },
    call,
  )
}

each({
  readFileSync: fs.readFileSync,
  join: path.join,
  inspect: util.inspect,
  emit: EventEmitter.prototype.emit,
  eventEmitter: EventEmitter,
  bufferFrom: Buffer.from,
  load: module.constructor._load,
  moduleClass: module.constructor,
  nextTick: process.nextTick,
  setTimeout,
  url: URL,
  consoleLog: console.log,
  fetch: globalThis.fetch,
  abortSignal: AbortSignal,
  textDecoder: TextDecoder,
})

module.exports = kinds
