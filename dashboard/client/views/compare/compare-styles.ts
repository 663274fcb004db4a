import { css } from 'lit'
import { sharedStyles } from '../../components/shared-styles.ts'

export const compareStyles = [
  ...sharedStyles,
  css`
    .page {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 24px;
    }
    .heading p {
      margin-top: 4px;
    }
    .warnings {
      border-left: 4px solid var(--warning);
      padding: 4px 0 4px 16px;
    }
    .warnings ul {
      margin: 4px 0 0;
      padding-left: 18px;
    }
    .verdict {
      display: grid;
      gap: 8px;
    }
    .verdict p {
      font-size: clamp(1.1rem, 0.95rem + 0.6vw, 1.4rem);
      line-height: 1.4;
      max-width: 68ch;
      text-wrap: pretty;
    }
    .verdict.many {
      display: block;
      columns: 2 420px;
      column-gap: 40px;
    }
    .verdict.many p {
      font-size: 1.02rem;
      margin-bottom: 8px;
      break-inside: avoid;
    }
    .pairs {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr));
      gap: var(--gap);
    }
    h3.next {
      margin: 28px 0 8px;
    }
    .pair h3 {
      margin-bottom: 14px;
    }
    .figure-link {
      margin: 12px 0 0;
    }
    .figures {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(118px, 1fr));
      gap: 16px;
    }
    /* Its lines stand beside those of the others, though a title may take two. */
    .figure {
      display: grid;
      grid-row: span 6;
      grid-template-rows: subgrid;
      justify-items: start;
      align-items: end;
      row-gap: 2px;
      font-variant-numeric: tabular-nums;
    }
    .figure .badge {
      margin: 4px 0 2px;
    }
    .big {
      font-size: 1.75rem;
      line-height: 1.15;
      font-weight: 650;
      letter-spacing: -0.02em;
    }
    .forest {
      width: 100%;
      max-width: 150px;
      overflow: visible;
      color: var(--muted);
    }
    .forest.good {
      color: var(--good);
    }
    .forest.bad {
      color: var(--bad);
    }
    .forest line {
      stroke: currentColor;
      vector-effect: non-scaling-stroke;
    }
    .forest .axis {
      stroke: var(--line);
    }
    .forest .equal {
      stroke: var(--muted);
      stroke-dasharray: 2 2;
    }
    .forest .bar {
      stroke-width: 3;
      stroke-linecap: round;
      opacity: 0.55;
    }
    .forest circle {
      fill: currentColor;
    }
    .under {
      display: block;
      color: var(--muted);
      font-size: 0.8rem;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    .tabular {
      font-variant-numeric: tabular-nums;
    }
    tbody th {
      min-width: 11.5em;
    }
    .ratio-head {
      min-width: 7.5em;
    }
    .route {
      text-align: left;
      padding: 0 6px;
      margin-left: -6px;
      min-height: 26px;
      font-family: var(--mono);
      font-size: 0.85rem;
      overflow-wrap: anywhere;
      min-width: 9em;
    }
    @media (min-width: 700px) {
      .route {
        min-width: 20em;
      }
    }
    .route[aria-pressed='true'] {
      background: var(--raised);
      font-weight: 650;
    }
    .saved {
      min-width: 100px;
    }
    .gain {
      display: block;
      height: 4px;
      border-radius: 2px;
      margin-top: 3px;
      background: var(--good);
      width: max(2px, calc(100% * var(--share)));
    }
    .gain.loss {
      background: var(--bad);
    }
    .arms {
      margin: 8px 0 16px;
      padding: 0;
      list-style: none;
      display: grid;
      gap: 4px;
      font-size: 0.9rem;
    }
    .facts + h3 {
      margin-top: 20px;
    }
    .requests {
      font-size: 0.9rem;
      overflow-wrap: anywhere;
    }
    details {
      margin-top: 12px;
    }
    summary {
      cursor: pointer;
      color: var(--muted);
      font-size: 0.87rem;
      width: fit-content;
    }
    details[open] summary {
      margin-bottom: 8px;
    }
  `,
]
