const words =
  'harbour lantern orchard winter paper copper meadow signal quiet bridge almond river stone copse ' +
  'candle ferry market garden thunder velvet island compass feather mirror autumn granite window'
const vocabulary = words.split(' ')
const authors = [
  { name: 'The editors', handle: 'editors' },
  { name: 'Staff writer', handle: 'staff', desk: 'culture' },
]

/** Jobs as an editorial system would send them; the same for the same seed. */
export function generateJobs(seed, count) {
  const random = generator(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const sentence = (length) => {
    const text = Array.from({ length }, () => pick(vocabulary)).join(' ')
    return text[0].toUpperCase() + text.slice(1)
  }
  const paragraph = () =>
    `${sentence(9)}, *${sentence(2)}*, and **${sentence(3)}**. ${sentence(12)}.`
  return Array.from({ length: count }, (_, index) => ({
    id: `${seed}-${index + 1}`,
    title: sentence(4 + Math.floor(random() * 9)),
    body: [
      `# ${sentence(3)}`,
      ...Array.from({ length: 2 + Math.floor(random() * 4) }, paragraph),
      `- ${sentence(4)}\n- [${sentence(2)}](https://articles.example/${index})`,
      '```js\nconst page = 1\n```',
    ].join('\n\n'),
    author: pick(authors),
    tags: Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(vocabulary)),
    theme: pick(['light', 'dark']),
    width: 1200,
    height: pick([630, 675]),
  }))
}

/** Numbers from 0 up to 1: mulberry32. */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
