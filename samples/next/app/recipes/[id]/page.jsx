import { notFound } from 'next/navigation'
import { recipeOf, scaled } from '../../../kitchen/recipes.js'
import { People } from './people.jsx'

export async function generateMetadata({ params }) {
  const { id } = await params
  return { title: recipeOf(id)?.title }
}

export default async function Recipe({ params, searchParams }) {
  const [{ id }, { people }] = await Promise.all([params, searchParams])
  const recipe = recipeOf(id)
  if (recipe === undefined) notFound()
  const {
    title,
    minutes,
    people: count,
    ingredients,
    steps,
  } = scaled(recipe, Number(people) || recipe.people)
  return (
    <article>
      <h1>{title}</h1>
      <p>{minutes} minutes</p>
      <People initial={count} />
      <table>
        <tbody>
          {ingredients.map(({ name, amount, unit }) => (
            <tr key={name}>
              <th>{name}</th>
              <td>
                {amount} {unit}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </article>
  )
}
