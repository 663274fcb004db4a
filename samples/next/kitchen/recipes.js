const dishes = ['Stew', 'Tart', 'Soup', 'Salad', 'Dumplings', 'Casserole', 'Curry', 'Flatbread']
const mains = ['Leek', 'Lentil', 'Mushroom', 'Squash', 'Chickpea', 'Spinach', 'Barley', 'Beetroot']
const sides = ['Thyme', 'Ginger', 'Walnut', 'Lemon', 'Mustard', 'Sesame', 'Feta', 'Apple']
const units = ['g', 'ml', 'tsp']
const steps = [
  'Chop everything into pieces of one size.',
  'Warm the oil and let the onions turn soft.',
  'Add the rest, cover, and keep it just below the boil.',
  'Season with salt, and with more than you think of the herbs.',
  'Let it rest for a while before it is served.',
]

/** The same in every process. */
export const recipes = dishes.flatMap((dish, first) =>
  mains.map((main, second) => createRecipe(first * mains.length + second, dish, main)),
)

/** Undefined when there is none. */
export function recipeOf(id) {
  return recipes[Number(id) - 1]
}

/** By words of the title and the ingredients; those with more of them first. */
export function searchRecipes(words) {
  const wanted = words.toLowerCase().split(/\W+/).filter(Boolean)
  const scoreOf = ({ title, ingredients }) => {
    const text = `${title} ${ingredients.map(({ name }) => name).join(' ')}`.toLowerCase()
    return wanted.filter((word) => text.includes(word)).length
  }
  return recipes
    .map((recipe) => ({ recipe, score: scoreOf(recipe) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.recipe.id - b.recipe.id)
    .map(({ recipe }) => recipe)
}

/** For another number of people. */
export function scaled(recipe, people) {
  const factor = people / recipe.people
  const ingredients = recipe.ingredients.map(({ amount, ...rest }) => ({
    ...rest,
    amount: Math.round(amount * factor),
  }))
  return { ...recipe, people, ingredients }
}

function createRecipe(number, dish, main) {
  const side = sides[(number * 5) % sides.length]
  const title = `${main} ${dish} with ${side}`
  return {
    id: number + 1,
    title,
    minutes: 20 + ((number * 13) % 70),
    people: 2 + (number % 3),
    ingredients: [main, side, 'Onion', 'Olive oil', 'Stock'].map((name, index) => ({
      name,
      amount: 10 * (1 + ((number * 7 + index * 11) % 40)),
      unit: units[(number + index) % units.length],
    })),
    steps: steps.slice(number % 2),
  }
}
