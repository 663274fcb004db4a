import { recipeOf, scaled } from '../../../../../kitchen/recipes.js'

export async function GET(request, { params }) {
  const recipe = recipeOf((await params).id)
  const people = Number(request.nextUrl.searchParams.get('people') ?? 4)
  if (recipe === undefined) return Response.json({ error: 'No such recipe' }, { status: 404 })
  if (!(people > 0)) return Response.json({ error: 'people is a number' }, { status: 400 })
  return Response.json(scaled(recipe, people))
}
