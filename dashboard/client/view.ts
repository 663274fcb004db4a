import type { DataSource } from './data-source.ts'

/** What stands behind `#/compare?`: all of the page's state that a link should carry. */
export type ViewParams = Readonly<Record<string, string>>

/** The properties that the shell sets on the element of each view. */
export interface View {
  source: DataSource
  params: ViewParams
}

/** Asks the shell to change the URL; null takes a parameter out. */
export class ParamsChange extends Event {
  static readonly type = 'params-change'
  readonly changes: Readonly<Record<string, string | null>>
  /** Without an entry in the history: for what is dragged or typed. */
  readonly isTransient: boolean

  constructor(changes: Readonly<Record<string, string | null>>, isTransient = false) {
    super(ParamsChange.type, { bubbles: true, composed: true })
    this.changes = changes
    this.isTransient = isTransient
  }
}

/** Asks the shell for another view, with the parameters that it begins with. */
export class Navigate extends Event {
  static readonly type = 'navigate-view'
  readonly view: ViewName
  readonly params: ViewParams

  constructor(view: ViewName, params: ViewParams) {
    super(Navigate.type, { bubbles: true, composed: true })
    this.view = view
    this.params = params
  }
}

export const viewNames = ['compare', 'replay', 'profile', 'start', 'live'] as const
export type ViewName = (typeof viewNames)[number]
