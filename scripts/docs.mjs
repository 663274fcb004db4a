/* Rewrites the generated parts of the documentation: npm run docs */
import { readFileSync, writeFileSync } from 'node:fs'
import { codesDocument, withFormatTables } from '../dist/formats/docs.js'

const format = new URL('../formats/FORMAT.md', import.meta.url)
writeFileSync(format, withFormatTables(readFileSync(format, 'utf8')))
writeFileSync(new URL('../docs/codes.md', import.meta.url), codesDocument())
