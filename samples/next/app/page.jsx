import { recipes } from '../kitchen/recipes.js'
import { RecipeList } from './recipe-list.jsx'

// Rendered for each request: a page that is the same for everybody would be a file.
export const dynamic = 'force-dynamic'

export default function Home() {
  return (
    <>
      <h1>Recipes</h1>
      <RecipeList recipes={recipes} />
    </>
  )
}
