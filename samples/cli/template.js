import Handlebars from 'handlebars'

/** Renders a page: `{ title, html, links, file }`. */
export const renderPage = Handlebars.compile(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>{{title}}</title>
  </head>
  <body>
    <nav>
      {{#each links}}
        <a href="{{file}}"{{#if (isSame file ../file)}} aria-current="page"{{/if}}>{{title}}</a>
      {{/each}}
    </nav>
    {{{html}}}
  </body>
</html>
`)

Handlebars.registerHelper('isSame', (a, b) => a === b)
