import Link from 'next/link'

export const metadata = { title: { template: '%s - Recipes', default: 'Recipes' } }

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <header>
          <Link href="/">All recipes</Link>
          <form action="/search">
            <input name="q" aria-label="Search" />
          </form>
        </header>
        <main>{children}</main>
      </body>
    </html>
  )
}
