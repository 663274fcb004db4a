import { css } from 'lit'

/** What all shadow trees have in common: box model, focus, headings, links, text for screen readers only. */
export const baseStyles = css`
  :host {
    display: block;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 4px;
  }
  h1,
  h2,
  h3 {
    margin: 0;
    line-height: 1.25;
    font-weight: 650;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }
  h1 {
    font-size: 1.5rem;
  }
  h2 {
    font-size: 1.15rem;
  }
  h3 {
    font-size: 1rem;
  }
  p {
    margin: 0;
    max-width: 75ch;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.2em;
  }
  code,
  .mono {
    font-family: var(--mono);
    font-size: 0.92em;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: 0.87rem;
  }
  .break {
    overflow-wrap: anywhere;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: no-preference) {
    button,
    a {
      transition:
        background-color 0.12s,
        border-color 0.12s;
    }
  }
`

/** Buttons, fields, and `.segments`: buttons of which one is pressed. */
export const controlStyles = css`
  button,
  select,
  input:not([type='checkbox']):not([type='radio']),
  .button {
    font: inherit;
    font-size: 0.9rem;
    line-height: 1.3;
    color: var(--text);
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 6px;
    padding: 5px 10px;
    min-height: 32px;
    max-width: 100%;
  }
  button,
  .button {
    cursor: pointer;
    text-decoration: none;
  }
  button:hover:not(:disabled),
  select:hover,
  .button:hover {
    border-color: var(--muted);
    background: var(--raised);
  }
  button:disabled {
    color: var(--muted);
    cursor: default;
    opacity: 0.6;
  }
  button.plain {
    border-color: transparent;
    background: none;
  }
  button.plain:hover:not(:disabled) {
    background: var(--raised);
  }
  label {
    font-size: 0.87rem;
    color: var(--muted);
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .controls label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .controls select {
    min-width: 0;
  }
  .spring {
    flex: 1;
  }
  .segments {
    display: inline-flex;
  }
  .segments button {
    border-radius: 0;
    margin-left: -1px;
  }
  .segments button:first-child {
    border-radius: 6px 0 0 6px;
    margin-left: 0;
  }
  .segments button:last-child {
    border-radius: 0 6px 6px 0;
  }
  .segments button[aria-pressed='true'] {
    background: var(--raised);
    border-color: var(--muted);
    font-weight: 600;
    z-index: 1;
  }
`

/** `<table>` inside `scrollRegion()`; `.number` for cells that are compared down a column. */
export const tableStyles = css`
  .scroll {
    overflow-x: auto;
    max-width: 100%;
  }
  table {
    /* Collapsed, a cell that stays in sight would lose its line. */
    border-collapse: separate;
    border-spacing: 0;
    width: 100%;
    font-size: 0.9rem;
  }
  caption {
    text-align: left;
    color: var(--muted);
    font-size: 0.87rem;
    padding-bottom: 8px;
  }
  th,
  td {
    padding: 6px 12px;
    text-align: left;
    vertical-align: baseline;
  }
  th:first-child,
  td:first-child {
    padding-left: 0;
  }
  th:last-child,
  td:last-child {
    padding-right: 0;
  }
  thead th {
    color: var(--muted);
    font-weight: 500;
    font-size: 0.83rem;
    vertical-align: bottom;
  }
  tbody th {
    font-weight: 500;
  }
  tbody > tr > * {
    border-top: 1px solid var(--line);
  }
  tbody tr:hover > * {
    background: color-mix(in srgb, var(--raised) 55%, var(--surface));
  }
  .number {
    text-align: right;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .nowrap {
    white-space: nowrap;
  }
  /* What a row is about stays in sight while the rest scrolls. */
  @media (min-width: 700px) {
    tbody th:first-child {
      position: sticky;
      left: 0;
      z-index: 1;
      background: var(--surface);
    }
  }
`

/** `<span class="badge good">`: a state in a word; the colour only repeats it. */
const badgeStyles = css`
  .badge {
    display: inline-block;
    padding: 1px 8px;
    border-radius: 99px;
    border: 1px solid currentColor;
    font-size: 0.8rem;
    font-weight: 550;
    line-height: 1.45;
    white-space: nowrap;
    color: var(--muted);
  }
  .good {
    color: var(--good);
  }
  .bad {
    color: var(--bad);
  }
  .warning {
    color: var(--warning);
  }
  .swatch {
    display: inline-block;
    width: 14px;
    height: 4px;
    border-radius: 2px;
    margin-right: 7px;
    vertical-align: middle;
    background: var(--series, var(--muted));
    flex: none;
  }
`

/** `.panel`: a surface with a heading. `.facts`: a `<dl>` of names and values. */
export const panelStyles = css`
  .panel {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    padding: 20px;
    min-width: 0;
  }
  .panel > h2 {
    margin-bottom: 4px;
  }
  .panel > .lead {
    color: var(--muted);
    margin-bottom: 16px;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--gap);
  }
  .facts {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 6px 20px;
    margin: 0;
    font-size: 0.9rem;
  }
  .facts dt {
    color: var(--muted);
  }
  .facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  @media (max-width: 560px) {
    .panel {
      padding: 14px;
    }
    .facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    .facts dd {
      margin-bottom: 8px;
    }
  }
`

/** All of the above, as the `styles` of a view. */
export const sharedStyles = [baseStyles, controlStyles, tableStyles, badgeStyles, panelStyles]
