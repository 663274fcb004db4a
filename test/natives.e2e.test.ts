import { describe, expect, it } from 'vitest'
import { app, nodeLines, root, runToEnd } from './harness.ts'

interface Finished {
  /** What went otherwise than the app expects. */
  readonly wrong: readonly unknown[]
  readonly flags: 'same' | 'changed'
  readonly prepared: readonly string[]
}

/** Of every Node line that knows them. */
const flagSets = [
  ['--no-warnings'],
  ['--no-sparkplug'],
  ['--always-sparkplug'],
  ['--jitless'],
  ['--lite-mode'],
  ['--no-opt'],
  ['--no-maglev'],
  ['--maglev'],
  ['--single-threaded'],
  ['--stress-flush-code'],
  ['--interpreted-frames-native-stack'],
  ['--allow-natives-syntax'],
  ['--inspect=0'],
  ['--permission', '--allow-fs-read=*'],
  ['--experimental-permission', '--allow-fs-read=*'],
]
/** Some of what can be prepared wherever there is an optimising compiler. */
const plain = [
  'plain',
  'arrow',
  'asyncArrow',
  'generator',
  'class',
  'method',
  'big',
  'hot',
  'require',
]
/** Some of what never can. */
const others = ['bound', 'proxy', 'revokedProxy', 'wasm', 'asmExport', 'asmUsed', 'parseInt']

const warnings = { NODE_NO_WARNINGS: '1' }
const withoutPort = (text: string): string => text.replace(/ws:\S+/g, 'ws:')

/** Runs it to its end, and lets it print nothing but its result and what Node itself prints for those flags. */
async function finish(
  node: string,
  name: string,
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const bare = await runToEnd(node, [...flags, '--eval', '0'], warnings)
  const ended = await runToEnd(node, [...flags, app(`natives/${name}`)], { ...warnings, ...env })
  expect(withoutPort(ended.stderr)).toBe(withoutPort(bare.stderr))
  expect(ended.code).toBe(0)
  const printed = ended.stdout.slice(bare.stdout.length)
  expect(ended.stdout).toBe(bare.stdout + printed)
  expect(printed).toMatch(/^\{.*\}\n$/)
  const result = JSON.parse(printed) as Finished
  expect(result).toMatchObject({ wrong: [], flags: 'same' })
  return result
}

describe.each(nodeLines)('natives, Node %s', (line, node) => {
  const sweep = { SEED: '1', STEPS: '3000' }

  it.each(flagSets.map((flags) => ({ flags })))(
    'does no harm to any kind of value with $flags',
    async ({ flags }) => {
      const { code } = await runToEnd(node, [...flags, '--eval', '0'])
      // `node: bad option`
      if (code === 9) return
      const { prepared } = await finish(node, 'sweep.mjs', flags, sweep)
      const compiles = !['--jitless', '--lite-mode'].includes(flags[0] ?? '')
      const hasMaglev = line === '24' || line === '26'
      if (compiles && (flags[0] !== '--no-opt' || hasMaglev)) {
        expect(prepared).toEqual(expect.arrayContaining(plain))
      } else {
        expect(prepared).toEqual([])
      }
      for (const name of others) expect(prepared).not.toContain(name)
    },
    300_000,
  )

  it('optimises when told to, deoptimises when told to, and leaves the rest to V8', async () => {
    const result = await finish(node, 'tiers.mjs', [], { BY_ITSELF: '1' })
    const highest = line === '20' || line === '22' ? ['turbofan'] : ['maglev', 'turbofan']
    expect(result).toMatchObject({ tiers: ['ignition', 'sparkplug', ...highest] })
  })

  it.each(['--no-sparkplug', '--always-sparkplug', '--single-threaded', '--allow-natives-syntax'])(
    'optimises and deoptimises with %s',
    async (flag) => {
      await finish(node, 'tiers.mjs', [flag])
    },
  )

  it.each(['--sparkplug', '--no-sparkplug', '--jitless'])(
    'goes on working when bytecode is thrown away, with %s',
    async (flag) => {
      const all = ['--expose-gc', '--stress-flush-code', flag]
      expect(await finish(node, 'flushed.mjs', all)).toMatchObject({
        flushed: true,
        results: [2, 2, 2],
        again: flag === '--jitless' ? [false, false, false] : [true, true, true],
        located: true,
      })
    },
  )

  it('does no harm with a debugger, coverage, and every function of the heap', async () => {
    expect(await finish(node, 'debugged.mjs')).toMatchObject({
      evaluated: 5,
      stopped: true,
      many: true,
    })
  })

  it('does no harm where the stack ends', async () => {
    expect(await finish(node, 'deep.mjs')).toMatchObject({
      seen: ['out of stack', 'prepared', 'refused'],
    })
  })

  it('works in workers, one of which is stopped in the middle', async () => {
    expect(await finish(node, 'workers.mjs', [], sweep)).toMatchObject({
      code: 0,
      worker: { wrong: [], flags: 'same' },
    })
  })

  it.each(['--freeze-flags-after-init', '--disallow-code-generation-from-strings'])(
    'is not to be had with %s',
    async (flag) => {
      const script = `
        import v8 from 'node:v8'
        import { openNatives } from ${JSON.stringify(`${root}/dist/runtime/natives.js`)}
        const tag = v8.cachedDataVersionTag()
        console.log(openNatives(), v8.cachedDataVersionTag() === tag)`
      for (const flags of [[flag], [flag, '--allow-natives-syntax']]) {
        const args = [...flags, '--input-type=module', '--eval', script]
        const stdout = 'undefined true\n'
        expect(await runToEnd(node, args)).toEqual({ code: 0, stdout, stderr: '' })
      }
    },
  )
})
