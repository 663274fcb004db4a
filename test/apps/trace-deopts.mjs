// Has V8 print every deoptimisation from the moment the port is open.
import { subscribe } from 'node:diagnostics_channel'
import { setFlagsFromString } from 'node:v8'

subscribe('prewarm:report', () => {
  console.log('traced from here')
  setFlagsFromString('--trace-deopt')
})
