#!/usr/bin/env node
// A command: says what it was told, and ends with a code of its own, or only when it is told to.
const { double } = require('./double.cjs')

const [number = '1', code] = process.argv.slice(2)
console.log(`twice ${number} is ${double(Number(number))}`)
if (code === 'hang') setInterval(() => undefined, 1000)
else if (code !== undefined) process.exit(Number(code))
