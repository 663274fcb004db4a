import Link from 'next/link'

export function RecipeList({ recipes }) {
  return (
    <ul>
      {recipes.map(({ id, title, minutes }) => (
        <li key={id}>
          <Link href={`/recipes/${id}`}>{title}</Link> {minutes} min
        </li>
      ))}
    </ul>
  )
}
