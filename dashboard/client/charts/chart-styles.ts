import { css } from 'lit'
import { baseStyles, controlStyles, tableStyles } from '../components/shared-styles.ts'

export const chartStyles = [
  baseStyles,
  controlStyles,
  tableStyles,
  css`
    figure {
      margin: 0;
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 10px;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 6px;
      font-variant-numeric: tabular-nums;
    }
    .at {
      min-width: 6.5em;
      font-weight: 600;
      font-size: 0.87rem;
    }
    .legend button {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      padding: 2px 8px;
      min-height: 28px;
      background: none;
      border-color: transparent;
    }
    .legend button:hover {
      border-color: var(--line);
    }
    .legend button[aria-pressed='false'] .name {
      text-decoration: line-through;
      color: var(--muted);
    }
    .legend button[aria-pressed='false'] .swatch {
      opacity: 0.35;
    }
    .entry {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      margin-right: 10px;
    }
    .swatch {
      width: 14px;
      height: 4px;
      border-radius: 2px;
      background: var(--series);
      flex: none;
    }
    .name {
      overflow-wrap: anywhere;
      text-align: left;
    }
    .value {
      font-weight: 600;
      min-width: 4.4em;
      text-align: right;
    }
    .ratio {
      color: var(--muted);
      min-width: 3em;
      text-align: right;
    }
    .plot {
      position: relative;
      height: var(--chart-height, clamp(260px, 42vh, 440px));
      min-width: 0;
      touch-action: pan-y;
      user-select: none;
      cursor: crosshair;
    }
    .plot.still {
      cursor: default;
    }
    .cursor {
      position: absolute;
      width: 1px;
      background: var(--muted);
      pointer-events: none;
    }
    .dot {
      position: absolute;
      width: 9px;
      height: 9px;
      margin: -4px 0 0 -4px;
      border-radius: 50%;
      border: 1.5px solid var(--surface);
      pointer-events: none;
    }
    .brush {
      position: absolute;
      background: color-mix(in srgb, var(--accent) 18%, transparent);
      border: 1px solid var(--accent);
      border-width: 0 1px;
      pointer-events: none;
    }
    button.small {
      font-size: 0.83rem;
      min-height: 28px;
      padding: 2px 9px;
    }
    summary {
      cursor: pointer;
      font-size: 0.87rem;
      color: var(--muted);
      width: fit-content;
    }
    details[open] summary {
      margin-bottom: 8px;
    }
    @media (max-width: 560px) {
      .hint {
        display: none;
      }
      .ratio,
      .value {
        min-width: 0;
      }
    }
  `,
]
