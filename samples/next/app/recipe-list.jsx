import Link from 'next/link'

export function RecipeList({ recipes }) {
  return (
    <ul>
      {recipes.map(({ slug, title, minutes }) => (
        <li key={slug}>
          <Link href={`/recipes/${slug}`}>{title}</Link> {minutes} min
        </li>
      ))}
    </ul>
  )
}
