import type { decodeUnlocked } from '../../formats/codec.ts'
import { digestOf, decodeContainer } from '../../formats/container.ts'
import type { Exemplar, Profile } from '../../formats/profile.ts'
import type { ExemplarView, Freshness, ProfileView, WorkView } from '../api.ts'
import { compareWithDisk } from './module-freshness.ts'
import { originalPlaces } from './original-places.ts'

/** Of a body that is shown. */
const shownBodyBytes = 4096

/**
 * What a page shows of a profile: without code caches, tapes and values of work.
 *
 * @param app - root of the application on disk; undefined: not compared
 */
export async function profileView(
  name: string,
  decoded: ReturnType<typeof decodeUnlocked> & { readonly bytes: Uint8Array },
  app: string | undefined,
): Promise<ProfileView> {
  const { bytes, profile, lock } = decoded
  const { meta, modules, functions, requests, curve, ledger, work } = profile
  const sections = [...decodeContainer(bytes)]
  return {
    name,
    digest: digestOf(bytes),
    sizeBytes: bytes.length,
    sections: sections.map(([section, content]) => [section, content.length]),
    locked: lock === undefined ? null : [lock.message, lock.hint].filter(Boolean).join('. '),
    meta,
    modules,
    functions,
    originals:
      app === undefined ? functions.map(() => null) : await originalPlaces(functions, modules, app),
    servers: requests.servers,
    routes: requests.routes.map((route) => ({
      ...route,
      exemplars: route.exemplars.map(exemplarView),
    })),
    curve,
    ledger,
    work: work.map(workView),
    freshness: app === undefined ? null : await freshnessOf(modules, app),
  }
}

function exemplarView({ url, headers, body, status, use }: Exemplar): ExemplarView {
  const bodyBytes = body?.length ?? 0
  return { url, headers, body: body && textOf(body), bodyBytes, status, use }
}

function workView(entry: Profile['work'][number]): WorkView {
  const { name, count, cold, steady, samples, unreplayable, obstacle } = entry
  return {
    name,
    count,
    coldP50Ms: cold.p50Ms,
    steadyP50Ms: steady.p50Ms,
    samples: samples.length,
    unreplayable,
    obstacle,
  }
}

/** null: it is no text. */
function textOf(body: Uint8Array): string | null {
  try {
    // As a stream: a character that is cut off at the end is no mistake.
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const text = decoder.decode(body.subarray(0, shownBodyBytes), { stream: true })
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

async function freshnessOf(modules: Profile['modules'], app: string): Promise<Freshness> {
  return { app, modules: await compareWithDisk(modules, app) }
}
