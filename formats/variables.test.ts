import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { knownVariables, unknownVariables } from './variables.ts'

const root = path.join(import.meta.dirname, '..')
const folders = ['cli', 'dashboard', 'formats', 'recorder', 'replayer', 'runtime']

it('every variable that the sources name is known, and no other', () => {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => path.join(root, folder, file)),
  )
  expect(files.length).toBeGreaterThan(100)
  const texts = [...files, path.join(root, 'test', 'harness.ts')].map((file) =>
    // Warnings have such codes too, and errors begin with another word.
    readFileSync(file, 'utf8').replaceAll(/code: 'PREWARM_\w+'/g, ''),
  )
  const named = texts.flatMap((text) => text.match(/(?<![A-Z_])PREWARM_[A-Z_]*[A-Z]/g) ?? [])
  expect([...new Set(named)].sort()).toEqual([...knownVariables].sort())
})

it.each([
  ['PREWARM_BUGDET', 'PREWARM_BUDGET'],
  ['PREWARM_STOP_AFTER', 'PREWARM_STOP_AFTER_MS'],
  ['PREWARM_SECRET', 'PREWARM_SECRETS'],
  ['PREWARM_PROFIL_KEY', 'PREWARM_PROFILE_KEY'],
  ['PREWARM_XYZZY', undefined],
  ['PREWARM_', undefined],
])('%s was meant to be %s', (name, meant) => {
  expect(unknownVariables(['PATH', 'PREWARM_BUDGET', 'PREWARM_PROBE', name])).toEqual([
    { name, meant },
  ])
})
