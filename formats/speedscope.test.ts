import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeProfile } from './codec.ts'
import { toSpeedscope } from './speedscope.ts'

const profile = decodeProfile(readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url)))

type Fields = Readonly<Record<string, unknown>>

/**
 * What is wrong with a file, by the types that speedscope publishes of its format (src/lib/file-format-spec.ts), as far as sampled
 * profiles go.
 */
function mistakesOf(value: unknown): string[] {
  const mistakes: string[] = []
  const check = (holds: boolean, mistake: string): void => {
    if (!holds) mistakes.push(mistake)
  }
  const { $schema, shared, profiles, name, activeProfileIndex, exporter, ...rest } = value as Fields
  check($schema === 'https://www.speedscope.app/file-format-schema.json', '$schema')
  check(Object.keys(rest).length === 0, `unknown keys: ${Object.keys(rest).join(', ')}`)
  check(typeof name === 'string' && typeof exporter === 'string', 'name, exporter')
  const frames = (shared as { readonly frames: readonly Fields[] }).frames
  for (const frame of frames) {
    check(typeof frame['name'] === 'string' && typeof frame['file'] === 'string', 'frame')
    check(Number.isInteger(frame['line']) && Number.isInteger(frame['col']), 'place of a frame')
  }
  const list = profiles as readonly Fields[]
  check(list[activeProfileIndex as number] !== undefined, 'activeProfileIndex')
  for (const each of list) {
    check(each['type'] === 'sampled', 'type')
    check(typeof each['name'] === 'string', 'name of a profile')
    const units = ['none', 'nanoseconds', 'microseconds', 'milliseconds', 'seconds', 'bytes']
    check(units.includes(each['unit'] as string), 'unit')
    check((each['endValue'] as number) >= (each['startValue'] as number), 'endValue')
    const samples = each['samples'] as readonly (readonly number[])[]
    const weights = each['weights'] as readonly number[]
    check(samples.length === weights.length, 'as many weights as samples')
    check(
      samples.flat().every((frame) => frames[frame] !== undefined),
      'a frame that is not there',
    )
    check(
      weights.every((weight) => typeof weight === 'number' && weight >= 0),
      'weight',
    )
  }
  return mistakes
}

test('is a file of the published format', () => {
  const written: unknown = JSON.parse(JSON.stringify(toSpeedscope(profile)))
  expect(mistakesOf(written)).toEqual([])
  const empty = toSpeedscope({ ...profile, functions: [] })
  expect(mistakesOf(JSON.parse(JSON.stringify(empty)))).toEqual([])
  expect(mistakesOf({ ...toSpeedscope(profile), $schema: '', activeProfileIndex: 1 })).toEqual([
    '$schema',
    'activeProfileIndex',
  ])
})

test('has the time of each function as a sample without callers, and says so', () => {
  const { shared, profiles } = toSpeedscope(profile)
  const [sampled] = profiles
  const byName = shared.frames.map(({ name, file, line }, index) => [
    `${name} ${file}:${line}`,
    sampled?.weights[index],
  ])
  expect(Object.fromEntries(byName)).toEqual(
    Object.fromEntries(
      profile.functions.map(({ name, module, line, selfMs }) => [
        `${name || '(anonymous)'} ${profile.modules[module]?.path ?? ''}:${line}`,
        selfMs * 1000,
      ]),
    ),
  )
  expect(sampled?.name).toContain('no stacks')
})
