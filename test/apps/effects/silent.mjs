// Writes logs in every way, and reads. Its output has to be a pipe: sockets cannot be opened by a path.
import fs, { promises } from 'node:fs'
import os from 'node:os'
import { promisify } from 'node:util'

await effectHooks.completeEffectHooks()
const observed = await observe(async () => {
  fs.writeSync(1, '1')
  fs.appendFileSync('/dev/stdout', '2')
  const duplicate = fs.openSync('/dev/fd/1', 'a')
  fs.writeSync(duplicate, '3')
  await promisify(fs.write)(duplicate, '4')
  fs.closeSync(duplicate)
  fs.createWriteStream('', { fd: 1, autoClose: false }).write('5')
  fs.writeSync(2, '')
  fs.closeSync(fs.openSync(process.execPath))
  await (await promises.open(process.execPath)).close()
  await promises.readFile(import.meta.filename)
  fs.writeFileSync(os.devNull, 'nothing')
})
console.log(`\n${JSON.stringify(observed)}`)
