export const subjects = [
  'astronomy',
  'botany',
  'cartography',
  'music',
  'pottery',
  'sailing',
] as const

export interface Book {
  readonly id: number
  readonly title: string
  readonly author: string
  readonly subject: string
  readonly year: number
  readonly pages: number
  readonly copies: number
}
