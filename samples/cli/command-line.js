import { Command } from 'commander'

/** What to build: `{ sources, out }`; without `out` nothing is written. Ends the process when it is called wrongly. */
export function parseCommandLine(argv) {
  const command = new Command('leaflet')
    .description('make a site out of Markdown files')
    .argument('<sources...>', 'Markdown files')
    .option('-o, --out <folder>', 'where the pages go; without it they are only checked')
    .parse(argv)
  return { sources: command.args, out: command.opts().out }
}
