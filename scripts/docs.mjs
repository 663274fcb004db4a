/* Rewrites the generated parts of the documentation: npm run docs */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  codesDocument,
  withFormatTables,
  withSettingTables,
  withVariableTables,
} from '../dist/formats/docs.js'

/**
 * @param {string} file below the root
 * @param {(markdown: string) => string} rewritten
 */
function rewrite(file, rewritten) {
  const url = new URL(`../${file}`, import.meta.url)
  writeFileSync(url, rewritten(readFileSync(url, 'utf8')))
}

rewrite('formats/FORMAT.md', withFormatTables)
rewrite('README.md', withVariableTables)
rewrite('docs/configuration.md', withSettingTables)
rewrite('docs/codes.md', codesDocument)
