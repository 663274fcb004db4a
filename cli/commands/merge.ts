import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import { encodeProfile } from '../../formats/codec.ts'
import { digestOf } from '../../formats/container.ts'
import { PrewarmError, isPrewarmError } from '../../formats/errors.ts'
import { mergeProfiles } from '../../formats/merge/merge.ts'
import type { Recording } from '../../formats/merge/recording.ts'
import { writeWhole } from '../../recorder/writer.ts'
import { readProfileKey } from '../../runtime/profile-key.ts'
import { checkWritable, unwritableFile } from '../compare/output-file.ts'
import { appendWeight, weightsOf, type Weight } from '../merge/weights.ts'
import { readProfileFile } from '../profile-file.ts'
import { renderMerge, type MergeView } from '../render/merge.ts'

interface MergeOptions {
  readonly out: string
  readonly weight?: readonly Weight[]
  readonly force?: true
  readonly json?: true
}

const examples = `
For several instances or days of one application on one Node line and processor type. Requests, calls and samples add up.
Of what differs, the newest recording counts; of a file that has changed its older hot functions are kept where the newer
file has the same ones. Code caches have to be made under one tag: that of the newest recording that has any. Requests
that one recording has held out for measuring stay held out. With PREWARM_PROFILE_KEY set, what is encrypted can be read, and
the merged profile is encrypted.

Examples:
  prewarm merge a.prewarm b.prewarm -o app.prewarm
  prewarm merge monday.prewarm tuesday.prewarm wednesday.prewarm -o week.prewarm --force
  prewarm merge yesterday.prewarm today.prewarm --weight today.prewarm=3 -o app.prewarm
  prewarm merge app-*.prewarm -o app.prewarm --json | jq .losses.conflicts`

/** `prewarm merge`: one profile of several recordings of an application. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description('make one profile of those of several instances or days')
    .argument('<profiles...>', 'two or more')
    .requiredOption('-o, --out <file>', 'merged profile to write')
    .addOption(
      new Option(
        '--weight <file=n>',
        'how often the counts of a profile count; repeatable',
      ).argParser(appendWeight),
    )
    .option('--force', 'overwrite the merged profile')
    .option('--json', 'print what was merged and what was lost as JSON')
    .addHelpText('after', examples)
    .action(async (files: readonly string[], options: MergeOptions, command: Command) => {
      const view = await merge(files, options)
      const text = options.json === true ? JSON.stringify(toJson(view), null, 2) : renderMerge(view)
      command.configureOutput().writeOut?.(`${text}\n`)
    })
}

async function merge(files: readonly string[], options: MergeOptions): Promise<MergeView> {
  const { out, weight = [], force } = options
  if (files.length < 2) {
    throw new PrewarmError('ERR_PREWARM_CLI_USAGE', 'There is only one profile to merge', {
      hint: 'Give two or more: prewarm merge a.prewarm b.prewarm -o app.prewarm',
    })
  }
  const weights = weightsOf(files, weight)
  if (existsSync(out) && force === undefined) {
    throw new PrewarmError('ERR_PREWARM_CLI_EXISTS', `${out} exists`, {
      hint: 'Give --force to overwrite it, or another name with -o.',
    })
  }
  checkWritable(out)
  const recordings: Recording[] = []
  for (const [index, name] of files.entries()) {
    const { bytes, profile } = await readProfileFile(name)
    recordings.push({ name, digest: digestOf(bytes), profile, weight: weights[index] ?? 1 })
  }
  const merged = mergeProfiles(recordings as [Recording, ...Recording[]])
  const bytes = encodeProfile(merged.profile, readProfileKey(process.env))
  write(out, bytes)
  return { ...merged, file: out, sizeBytes: bytes.length, warnings: warningsOf(recordings) }
}

/** The recorder's way of writing, with an error that speaks of no service. */
function write(file: string, bytes: Uint8Array): void {
  try {
    writeWhole(file, bytes)
  } catch (error) {
    if (isPrewarmError(error)) throw unwritableFile(file, error.cause)
    throw error
  }
}

/** What counts twice, and other conditions that are not the same. */
function warningsOf(recordings: readonly Recording[]): readonly string[] {
  const warnings: string[] = []
  recordings.forEach(({ name, digest, profile: { meta } }, index) => {
    const twin = recordings.slice(0, index).find((each) => each.digest === digest)
    if (twin !== undefined)
      warnings.push(`${name} is the same file as ${twin.name}: it counts twice.`)
    const child = recordings.find((each) => each.profile.meta.parents?.includes(digest) === true)
    if (child !== undefined) {
      warnings.push(`${child.name} was merged of ${name} among others: it counts twice.`)
    }
    const [first] = recordings
    const env = meta.nodeEnv ?? ''
    const firstEnv = first?.profile.meta.nodeEnv ?? ''
    if (first !== undefined && env !== firstEnv) {
      warnings.push(
        `NODE_ENV was "${env}" in ${name} and "${firstEnv}" in ${first.name}: they may load other modules.`,
      )
    }
  })
  return warnings
}

/** The stable form of `--json`. */
function toJson({ file, sizeBytes, profile, losses, recordings, warnings }: MergeView): unknown {
  const { meta, modules, functions, requests, work } = profile
  return {
    schemaVersion: 1,
    file: { path: file, sizeBytes },
    meta,
    counts: {
      modules: modules.length,
      functions: functions.length,
      routes: requests.routes.length,
      requests: meta.requestCount,
      work: work.length,
    },
    recordings: recordings.map(({ name, digest, weight, profile: recorded }) => ({
      profile: name,
      digest,
      weight,
      createdAt: recorded.meta.createdAt,
      node: recorded.meta.node,
      requests: recorded.meta.requestCount,
    })),
    losses,
    warnings,
  }
}
