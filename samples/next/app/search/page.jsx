import { searchRecipes } from '../../kitchen/recipes.js'
import { RecipeList } from '../recipe-list.jsx'

export default async function Search({ searchParams }) {
  const { q = '' } = await searchParams
  const found = searchRecipes(`${q}`)
  return (
    <>
      <h1>
        {found.length} recipes for {q}
      </h1>
      <RecipeList recipes={found} />
    </>
  )
}
