import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Command, Option } from 'commander'
import { PrewarmError } from '../../formats/errors.ts'
import { plainEnvironment } from '../compare/arms.ts'
import { checkWritable, unwritableFile } from '../compare/output-file.ts'
import { inWorkDir } from '../compare/work-dir.ts'
import { explainStarts } from '../explain/starts.ts'
import { startReport } from '../explain/report.ts'
import { parseDuration, parsePositiveDuration, wholeNumber } from '../option-values.ts'
import { ownVersion } from '../own-version.ts'
import { readProfileFile } from '../profile-file.ts'
import { renderStart } from '../render/start.ts'

interface ExplainStartOptions {
  readonly profile?: string
  readonly output?: string
  readonly runs: number
  /** ms; 0: not at all. */
  readonly observe: number
  /** ms */
  readonly listenTimeout: number
  readonly force?: true
  readonly json?: true
}

const examples = `
The service is started again and again, without a trace and with one, and once more to see what it calls of what it
has loaded. Give NODE_ENV=production as in production. With -p the same is shown with prewarm, without rehearsal, and
recorded requests are rehearsed while calls are counted. Nothing is changed: what could be loaded later is advice.

Examples:
  prewarm explain-start -- node app.js
  prewarm explain-start -p app.prewarm -o app.start.json -- node app.js
  prewarm explain-start --runs 5 --observe 30s -- npm start
  prewarm explain-start --json -- node app.js | jq '.advice[] | [.ms, .title]'`

/** `prewarm explain-start`: where the time until a service listens goes, and what could be changed about it. */
export function explainStartCommand(): Command {
  const command = new Command('explain-start')
    .description('show where the time from process start to the first listen goes')
    .argument('<command...>', 'the service and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', examples)
    .action(async (service: readonly string[], options: ExplainStartOptions) => {
      if (options.output !== undefined) checkOutput(options.output, options.force)
      const report = await explain(service, options)
      const json = JSON.stringify(report)
      if (options.output !== undefined) write(options.output, `${json}\n`)
      const text = options.json === true ? json : renderStart(report)
      command.configureOutput().writeOut?.(`${text}\n`)
    })
  const options = [
    new Option('-p, --profile <file>', 'profile, to show the start with prewarm besides'),
    new Option('-o, --output <file>', 'where to keep it for the dashboard'),
    new Option('--runs <n>', 'starts of every arm, with and without a trace')
      .argParser(wholeNumber(1, 1000))
      .default(3),
    new Option('--observe <duration>', 'how long to see what is called after it listens; 0: not')
      .argParser(parseDuration)
      .default(10_000, '10s'),
    new Option('--listen-timeout <duration>', 'longest time until it listens')
      .argParser(parsePositiveDuration)
      .default(60_000, '60s'),
    new Option('--force', 'overwrite the output file'),
    new Option('--json', 'print everything as JSON'),
  ]
  for (const option of options) command.addOption(option)
  return command
}

/** Before minutes are spent on what goes into it. */
function checkOutput(file: string, force: boolean | undefined): void {
  if (force !== true && existsSync(file)) {
    throw new PrewarmError('ERR_PREWARM_CLI_EXISTS', `${file} exists`, {
      hint: 'Give --force to overwrite it, or another -o FILE.',
    })
  }
  checkWritable(file)
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content)
  } catch (error) {
    throw unwritableFile(file, error)
  }
}

async function explain(
  command: readonly string[],
  { profile, runs, observe, listenTimeout }: ExplainStartOptions,
): Promise<ReturnType<typeof startReport>> {
  // What is wrong with it is told before anything is started.
  if (profile !== undefined) await readProfileFile(profile)
  return inWorkDir(async (workDir, signal) => {
    const starts = await explainStarts({
      command,
      env: plainEnvironment(process.env),
      profile: profile === undefined ? null : path.resolve(profile),
      runs,
      observeMs: observe,
      listenTimeoutMs: listenTimeout,
      workDir,
      signal,
      onStep(step) {
        process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${step} ...` : `${step}\n`)
      },
    }).finally(() => {
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    })
    return startReport(starts, {
      prewarm: ownVersion(),
      command,
      profile: profile === undefined ? null : path.basename(profile),
      observeMs: observe,
    })
  })
}
