import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { startReport } from '../../formats/fixtures/start-report.ts'
import { renderStart } from './start.ts'

test('phases, packages, modules, candidates and advice, in lines of 100 columns', () => {
  const text = stripVTControlCharacters(renderStart(startReport))
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  expect(text).toMatchInlineSnapshot(`
    "node app.js on Node 24.0.0
    cold: listens after 90.0 ms (median of 3 runs); traced, as below, after 100 ms (fastest against
    fastest, the trace adds 25.0%)

    Phases
                              cold
    ---------------------  -------  ------------------------------
    Node.js starts         30.0 ms  ███████████████
    the trace itself       10.0 ms  █████
    top levels of modules  60.0 ms  ██████████████████████████████

    Packages  cold
    package        modules  find  read  compile  eval    ms  later
    -------------  -------  ----  ----  -------  ----  ----  -----  ------------
    (application)        1   1.0   1.0      2.0   6.0  10.0    0.0  ████████████
    heavy@1.0.0          1   1.0   1.0      2.0   6.0  10.0    0.0  ████████████

    Modules  cold
    module                find  read  compile  eval    ms
    --------------------  ----  ----  -------  ----  ----  --------
    app.js                 1.0   1.0      2.0   6.0  10.0  ████████
    heavy@1.0.0/index.js   1.0   1.0      2.0   6.0  10.0  ████████

    Lazy candidates
    not one function of these was called until 1.00 s after listening
    package      not called  of   size    ms
    -----------  ----------  --  -----  ----  ---------------
    heavy@1.0.0           1   1  100 B  10.0  ███████████████

        10.0 ms  heavy@1.0.0/index.js

    0 modules have no functions: constants, JSON.

    What could be changed  estimates, of the traced start; they overlap
     1.  ~10.0 ms  Load heavy@1.0.0 when it is needed
                   first asked for by app.js
     2.            Record a profile"
  `)
})
