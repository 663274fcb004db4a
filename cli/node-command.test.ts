import { expect, test } from 'vitest'
import { withPreloads } from './node-command.ts'

const urls = ['file:///a%20b/probe.js', 'file:///replay.mjs']

test.each(['node', '/opt/node-24/bin/node', 'node.exe', process.execPath])(
  'puts the preloads in front of the arguments of %s, in order',
  (node) => {
    expect(withPreloads([node, '--max-old-space-size=99', 'app.js'], urls, { PORT: '1' })).toEqual({
      command: node,
      args: ['--import', urls[0], '--import', urls[1], '--max-old-space-size=99', 'app.js'],
      env: { PORT: '1' },
    })
  },
)

test('hands the preloads to any other command through NODE_OPTIONS, after what is there', () => {
  const env = { NODE_OPTIONS: '--enable-source-maps' }
  expect(withPreloads(['npm', 'start'], urls, env)).toEqual({
    command: 'npm',
    args: ['start'],
    env: {
      NODE_OPTIONS: `--enable-source-maps --import=${String(urls[0])} --import=${String(urls[1])}`,
    },
  })
  expect(env.NODE_OPTIONS).toBe('--enable-source-maps')
})

test('leaves NODE_OPTIONS alone when nothing is preloaded', () => {
  expect(withPreloads(['./start.sh'], [], {}).env).toEqual({})
})
