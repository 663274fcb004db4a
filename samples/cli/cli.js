#!/usr/bin/env node
import { parseCommandLine } from './command-line.js'
import { buildSite } from './site.js'

const { sources, out } = parseCommandLine(process.argv)
try {
  const { pages, words } = await buildSite(sources, out)
  process.stdout.write(`${pages} pages, ${words} words${out === undefined ? '' : ` in ${out}`}\n`)
} catch (error) {
  process.stderr.write(`leaflet: ${error.message}\n`)
  process.exitCode = 1
}
