import type { Plugin, UserConfig } from 'vite'

const importLine = /^import (?:(\w+|\* as \w+))?(?:, )?(?:\{ (.*) \})? from "(node:[\w/]+)";$/gm

/** One file in `dist` of all that `entry` imports. */
export function bundle(
  entry: string,
  file: string,
  constants: Readonly<Record<string, string>>,
  wrap: (body: string) => string,
): UserConfig {
  const quoted = Object.entries(constants).map(([name, text]) => [name, JSON.stringify(text)])
  const plugin: Plugin = {
    name: 'replayer-bundle',
    // Any earlier, what nobody calls would be left out.
    generateBundle(_, chunks) {
      for (const chunk of Object.values(chunks)) {
        if (chunk.type === 'chunk') chunk.code = wrap(withoutImports(chunk.code))
      }
    },
  }
  return {
    define: Object.fromEntries(quoted) as Record<string, string>,
    plugins: [plugin],
    build: {
      ssr: entry,
      outDir: 'dist',
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: file, format: 'es' } },
    },
    ssr: { noExternal: true },
  }
}

/** Throws where anything but built-ins is imported. */
function withoutImports(module: string): string {
  const body = module
    .replace(importLine, (_, whole?: string, parts?: string, from?: string) => {
      const name = whole?.replace('* as ', '')
      const builtin = `process.getBuiltinModule("${from}")`
      const lines = name === undefined ? [] : [`const ${name} = ${builtin};`]
      if (parts !== undefined) {
        lines.push(`const { ${parts.replaceAll(' as ', ': ')} } = ${name ?? builtin};`)
      }
      return lines.join(' ')
    })
    .replace(/^export \{\s*\};$/m, '')
  const left = /^(?:import|export)\b.*/m.exec(body)?.[0]
  if (left !== undefined) throw new Error(`Not a built-in: ${left}`)
  return body
}
