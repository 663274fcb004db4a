import { createHash } from 'node:crypto'
import { defineConfig, type Plugin, type Rolldown } from 'vite'

/**
 * Builds the page of a report that is saved as one file: dist/dashboard/client/report.html with all scripts and styles in it. Its
 * policy allows these by their hashes and nothing else.
 */
export default defineConfig({
  root: 'dashboard/client',
  base: './',
  plugins: [inOneFile()],
  build: {
    outDir: '../../dist/dashboard/client',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      input: 'dashboard/client/report.html',
      output: { codeSplitting: false },
    },
  },
})

function inOneFile(): Plugin {
  return {
    name: 'prewarm-one-file',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['report.html']
        if (page?.type !== 'asset') throw new Error('There is no report.html')
        const script = only(bundle, '.js')
        const styles = only(bundle, '.css')
        const html = String(page.source)
          .replace(/<script type="module"[^>]*><\/script>/, '')
          .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${styles}</style>`)
          .replace('</body>', () => `<script type="module">${script}</script></body>`)
        page.source = html.replace(
          '<meta charset="utf-8" />',
          (charset) => `${charset}\n    ${policy(script, styles)}`,
        )
      },
    },
  }
}

/** The content of the only file that ends so, which is taken out of the bundle. */
function only(bundle: Rolldown.OutputBundle, ending: string): string {
  const names = Object.keys(bundle).filter((name) => name.endsWith(ending))
  const [name = ''] = names
  const file = bundle[name]
  if (names.length !== 1 || file === undefined) {
    throw new Error(`Not one ${ending} but ${names.join(', ')}`)
  }
  Reflect.deleteProperty(bundle, name)
  const content = file.type === 'chunk' ? file.code : String(file.source)
  // Neither may end the element early; in strings, templates and regular expressions both mean the same.
  return content.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
}

function policy(script: string, styles: string): string {
  const hash = (text: string): string =>
    `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const rules = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(styles)}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    // Of lit, which makes its templates by a policy of this name.
    'trusted-types lit-html',
  ]
  return `<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}" />`
}
