'use strict'

/** What has to change in `before` to make `after` of it: changes with a path, in the order of keys. */
function diff(before, after) {
  const changes = []
  compare(before, after, '', changes)
  return changes
}

function compare(before, after, path, changes) {
  if (Object.is(before, after)) return
  if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, path, changes)
  } else if (isObject(before) && isObject(after)) {
    compareObjects(before, after, path, changes)
  } else {
    changes.push({ path, before, after })
  }
}

function compareObjects(before, after, path, changes) {
  for (const key of Object.keys(before)) {
    const inner = `${path}/${key}`
    if (key in after) compare(before[key], after[key], inner, changes)
    else changes.push({ path: inner, before: before[key] })
  }
  for (const key of Object.keys(after)) {
    if (!(key in before)) changes.push({ path: `${path}/${key}`, after: after[key] })
  }
}

/** Items with an identity are compared with their equals, wherever they are now. */
function compareLists(before, after, path, changes) {
  const left = byIdentity(before)
  const right = byIdentity(after)
  for (const [identity, item] of left) {
    const other = right.get(identity)
    const inner = `${path}/${identity}`
    if (other === undefined) changes.push({ path: inner, before: summary(item) })
    else compare(item, other, inner, changes)
  }
  for (const [identity, item] of right) {
    if (!left.has(identity)) changes.push({ path: `${path}/${identity}`, after: summary(item) })
  }
}

function byIdentity(items) {
  const found = new Map()
  items.forEach((item, index) => found.set(item.id ?? item.peril ?? index, item))
  return found
}

function summary(item) {
  if (!isObject(item)) return item
  const parts = Object.entries(item).filter(([, value]) => !isObject(value))
  return Object.fromEntries(parts)
}

function isObject(value) {
  return typeof value === 'object' && value !== null
}

/** A number that tells documents apart: FNV-1a over keys and values. */
function fingerprint(value, hash = 0x811c9dc5) {
  if (Array.isArray(value)) return value.reduce((reached, item) => fingerprint(item, reached), hash)
  if (!isObject(value)) return hashText(String(value), hash)
  let reached = hash
  for (const key of Object.keys(value)) reached = fingerprint(value[key], hashText(key, reached))
  return reached
}

function hashText(text, hash) {
  let reached = hash
  for (let index = 0; index < text.length; index++) {
    reached = Math.imul(reached ^ text.charCodeAt(index), 0x01000193)
  }
  return reached >>> 0
}

module.exports = { diff, fingerprint }
