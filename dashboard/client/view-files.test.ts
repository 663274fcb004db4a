import { describe, expect, it } from 'vitest'
import type { FileEntry } from '../api.ts'
import { chooseFile } from './view-files.ts'

const entry = (id: string, more: Partial<FileEntry> = {}): FileEntry => ({
  id,
  kind: 'results',
  name: `${id}.results.jsonl`,
  modifiedAt: '2026-01-01T00:00:00Z',
  sizeBytes: 1,
  title: id,
  error: null,
  ...more,
})

const broken = { code: 'ERR_PREWARM_FMT_INVALID', message: 'torn', hint: null }

describe('chooseFile', () => {
  it('takes the newest that the view can show', () => {
    const files = [entry('p', { kind: 'profile' }), entry('b', { error: broken }), entry('a')]
    expect(chooseFile(files, 'compare', undefined)).toEqual({ state: 'chosen', file: files[2] })
  })

  it('takes one that cannot be shown when there is no other, so that its error is seen', () => {
    const files = [entry('b', { error: broken })]
    expect(chooseFile(files, 'compare', undefined)).toEqual({ state: 'chosen', file: files[0] })
  })

  it('shows reports and results in the Replay view', () => {
    const files = [entry('a'), entry('r', { kind: 'report' })]
    expect(chooseFile(files, 'replay', 'r')).toMatchObject({ file: { id: 'r' } })
    expect(chooseFile(files, 'replay', 'a')).toMatchObject({ file: { id: 'a' } })
  })

  it('chooses none for the Live view, which shows all of its files', () => {
    const files = [entry('l', { kind: 'live' })]
    expect(chooseFile(files, 'live', undefined)).toEqual({ state: 'none' })
  })

  it('says that a file is unknown, and names the newest in its place', () => {
    const files = [entry('a')]
    expect(chooseFile(files, 'compare', 'gone')).toEqual({
      state: 'unknown',
      id: 'gone',
      newest: files[0],
    })
  })

  it('takes a file of another kind for unknown', () => {
    const files = [entry('p', { kind: 'profile' })]
    expect(chooseFile(files, 'compare', 'p')).toEqual({ state: 'unknown', id: 'p', newest: null })
    expect(chooseFile(files, 'compare', undefined)).toEqual({ state: 'none' })
  })
})
