import { expect, it } from 'vitest'
import { hasDynamicImport } from './commonjs.ts'

it.each([
  ['import("x")', true],
  ['const later = () => import (name)', true],
  ['import(/* webpackChunkName: "x" */ "x")', true],
  ['import /* why */ ("x")', true],
  ['import // why\n ("x")', true],
  ['/* a */ import("x")', true],
  [' */ import("x")', true],
  ['const glob = "src/*"; import("x")', true],
  ['"import(x)"', true],
  ['/** @type {import("x")} */ const y = import("z")', true],
  ["const x = require('x')", false],
  ['important(x); reimport(x)', false],
  ['/** @type {import("x")} */', false],
  ['/**\n * @param {import("x").Y} y\n */', false],
  ['module.exports = /** @type {import(".")} */ (x)', false],
  ['  // see import("x")', false],
])('%j: %s', (source, expected) => {
  expect(hasDynamicImport(source)).toBe(expected)
})

it('reads rulers of slashes and rows of comments once', () => {
  expect(hasDynamicImport(`// what we import\n${'/'.repeat(5000)}\nlet x`)).toBe(false)
  expect(hasDynamicImport(`import ${'/**/'.repeat(5000)} x`)).toBe(false)
})
