import { PrewarmError } from './errors.ts'
import { limits } from './limits.ts'
import { formatVersion, sealableSections, type SectionName } from './profile.ts'

/*
 * A sealed section: nonce, 12 random bytes | AES-256-GCM of the section | tag, 16 bytes
 * Additional authenticated data: name of the section, a space, the format version, as in `requests 1`
 */
const cipher = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** Sections by name, sealed ones opened; `lock`: why they are not, and then none of them is there. */
export interface Unsealed {
  readonly found: ReadonlyMap<string, Uint8Array>
  readonly lock: PrewarmError | undefined
}

/** 32 bytes, in hexadecimal, base64 or base64url; undefined: the text is none of these. */
export function parseProfileKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim()
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex')
  if (!/^[\w+/-]{43}=?$/.test(trimmed)) return undefined
  const key = Buffer.from(trimmed, 'base64')
  return key.length === keyBytes ? key : undefined
}

/** Name of a section in a file that has it encrypted: a reader that knows nothing of this misses the section. */
export function sealedName(name: SectionName): string {
  return `${name}-aead`
}

/** The same twice gives other bytes each time. */
export function seal(name: SectionName, section: Uint8Array, key: Uint8Array): Uint8Array {
  const { createCipheriv, randomBytes } = process.getBuiltinModule('node:crypto')
  const nonce = randomBytes(nonceBytes)
  const encryption = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  encryption.setAAD(associatedData(name))
  const content = [encryption.update(section), encryption.final()]
  return Buffer.concat([nonce, ...content, encryption.getAuthTag()])
}

/**
 * Opens all sealed sections of a file, or none: `requests` are not to be used without the `ledger` that judges them.
 * Throws `ERR_PREWARM_FMT_INVALID` for a section that is there twice, `ERR_PREWARM_FMT_LIMIT` for one that is too long.
 */
export function unsealAll(
  sections: ReadonlyMap<string, Uint8Array>,
  key: Uint8Array | undefined,
): Unsealed {
  const found = new Map(sections)
  const opened = new Map<string, Uint8Array>()
  let lock: PrewarmError | undefined
  for (const name of sealableSections) {
    const sealed = found.get(sealedName(name))
    if (sealed === undefined) continue
    if (found.has(name)) {
      throw new PrewarmError('ERR_PREWARM_FMT_INVALID', `Section ${name} is there twice`)
    }
    if (sealed.length > limits.structureBytes + nonceBytes + tagBytes) {
      throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `Section ${name} has ${sealed.length} bytes`)
    }
    const content = key === undefined ? undefined : unseal(name, sealed, key)
    if (content === undefined) lock ??= lockOf(name, key !== undefined)
    else opened.set(name, content)
  }
  if (lock === undefined) for (const [name, content] of opened) found.set(name, content)
  return { found, lock }
}

/** Undefined: another key, or changed bytes; which of the two cannot be told. */
function unseal(name: SectionName, sealed: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const { createDecipheriv } = process.getBuiltinModule('node:crypto')
  const end = sealed.length - tagBytes
  try {
    const nonce = sealed.subarray(0, nonceBytes)
    const decryption = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
    decryption.setAAD(associatedData(name))
    decryption.setAuthTag(sealed.subarray(end))
    const content = decryption.update(sealed.subarray(nonceBytes, end))
    return Buffer.concat([content, decryption.final()])
  } catch {
    return undefined
  }
}

function associatedData(name: SectionName): Uint8Array {
  return Buffer.from(`${name} ${formatVersion}`)
}

function lockOf(name: SectionName, hasKey: boolean): PrewarmError {
  return hasKey
    ? new PrewarmError(
        'ERR_PREWARM_FMT_LOCKED',
        `The key does not open section ${name}: it is another one, or the section was changed`,
        { hint: 'Set PREWARM_PROFILE_KEY to the key that the profile was recorded with.' },
      )
    : new PrewarmError(
        'ERR_PREWARM_FMT_LOCKED',
        `Section ${name} is encrypted, and there is no key`,
        {
          hint: 'Set PREWARM_PROFILE_KEY, or PREWARM_PROFILE_KEY_FILE, to the key of the recording.',
        },
      )
}
