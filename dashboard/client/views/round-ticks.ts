/** Two to four round numbers from zero to `max`, both ends included where they are round. */
export function roundTicks(max: number): readonly number[] {
  if (!(max > 0)) return [0]
  const power = 10 ** Math.floor(Math.log10(max))
  const step = [0.5, 1, 2, 5].map((factor) => factor * power).find((each) => max / each < 4)
  if (step === undefined) return [0, max]
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, index) => index * step)
}
