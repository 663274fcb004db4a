import { recipes, searchRecipes } from '../../../kitchen/recipes.js'

export function GET(request) {
  const words = request.nextUrl.searchParams.get('q')
  const found = words === null ? recipes : searchRecipes(words)
  return Response.json(found.map(({ id, title, minutes }) => ({ id, title, minutes })))
}
