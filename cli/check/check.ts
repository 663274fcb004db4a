import path from 'node:path'
import {
  compareWithDisk,
  currentSource,
  type ModuleFreshness,
} from '../../dashboard/server/module-freshness.ts'
import { digestOf } from '../../formats/container.ts'
import { findFunctions, type FunctionSource } from '../../formats/function-text.ts'
import type { HotFunction, Meta, Profile } from '../../formats/profile.ts'
import { identifyApp } from '../../runtime/app.ts'
import { freshnessOf, type Freshness } from '../freshness.ts'
import { groupBy } from '../grouping.ts'
import { readUnlockedProfile } from '../profile-file.ts'
import { mismatchesOf, type Mismatch } from './fit.ts'
import type { NodeFacts } from './node-facts.ts'
import { validityOf, type Validity } from './validity.ts'

/** A profile held against an application on disk and a Node. */
export interface CheckedProfile extends Validity {
  /** The profile. */
  readonly file: string
  readonly digest: string
  readonly meta: Meta
  readonly here: NodeFacts
  readonly mismatches: readonly Mismatch[]
  readonly freshness: Freshness
}

/** @param root - of the application */
export async function checkProfile(
  file: string,
  root: string,
  here: NodeFacts,
): Promise<CheckedProfile> {
  const { bytes, profile } = await readUnlockedProfile(file)
  const { meta, modules } = profile
  const states = await compareWithDisk(modules, root)
  const mismatches = mismatchesOf(meta, idBelow(root, meta), here)
  const unchanged = await unchangedFunctions(profile, states, root)
  return {
    file,
    digest: digestOf(bytes),
    meta,
    here,
    mismatches,
    freshness: freshnessOf(modules, states, root),
    ...validityOf(profile, states, unchanged, mismatches),
  }
}

/** What an application that starts with the recorded entry file is called here: `shop:server.js`. */
function idBelow(root: string, { appId }: Meta): string {
  return identifyApp(path.join(root, appId.slice(appId.indexOf(':') + 1))).id
}

async function unchangedFunctions(
  { modules, functions }: Profile,
  states: readonly ModuleFreshness[],
  root: string,
): Promise<ReadonlySet<HotFunction>> {
  const unchanged = new Set<HotFunction>()
  const ofChanged = functions.filter(({ module }) => states[module] === 'changed')
  for (const [index, hot] of groupBy(ofChanged, ({ module }) => module)) {
    const module = modules[index]
    const text = module && (await currentSource(module, root))
    if (text === undefined) continue
    const known = hot.filter(hasSource)
    for (const [at, place] of findFunctions(text, known).entries()) {
      const found = known[at]
      if (place !== undefined && found !== undefined) unchanged.add(found)
    }
  }
  return unchanged
}

function hasSource(each: HotFunction): each is HotFunction & FunctionSource {
  return each.length !== null && each.sourceHash !== null
}
