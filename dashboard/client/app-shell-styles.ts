import { css } from 'lit'
import { baseStyles, controlStyles } from './components/shared-styles.ts'

export const shellStyles = [
  baseStyles,
  controlStyles,
  css`
    header {
      display: grid;
      grid-template-columns: auto auto minmax(0, 1fr);
      align-items: center;
      gap: 6px 24px;
      padding: 8px clamp(12px, 2.5vw, 32px);
      background: var(--surface);
      border-bottom: 1px solid var(--line);
    }
    .brand {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      color: var(--text);
      font-weight: 700;
      letter-spacing: -0.01em;
      text-decoration: none;
      padding: 4px 0;
    }
    .brand path {
      fill: none;
      stroke-width: 3.5;
      stroke-linecap: round;
    }
    .cold {
      stroke: var(--series-1);
    }
    .warm {
      stroke: var(--series-3);
    }
    nav {
      display: flex;
      gap: 2px;
    }
    nav a {
      color: var(--muted);
      text-decoration: none;
      padding: 6px 12px;
      border-radius: 6px;
    }
    nav a:hover {
      background: var(--raised);
      color: var(--text);
    }
    nav a[aria-current] {
      color: var(--text);
      font-weight: 600;
      background: var(--raised);
    }
    .tools {
      display: flex;
      justify-content: end;
      align-items: center;
      gap: 8px;
      min-width: 0;
    }
    .tools > :not(file-picker) {
      flex: none;
    }
    .skip {
      position: absolute;
      left: 8px;
      top: -60px;
      z-index: 5;
    }
    .skip:focus {
      top: 8px;
    }
    main {
      max-width: 1360px;
      margin: 0 auto;
      padding: 24px clamp(12px, 2.5vw, 32px) 64px;
    }
    main:focus-visible {
      outline: none;
    }
    .notice {
      margin-bottom: var(--gap);
    }
    @media (max-width: 860px) {
      header {
        grid-template-columns: 1fr auto;
      }
      .tools {
        grid-column: 1 / -1;
        justify-content: stretch;
      }
      file-picker {
        flex: 1;
      }
    }
    @media (max-width: 420px) {
      header {
        grid-template-columns: minmax(0, 1fr);
      }
      nav {
        justify-content: space-between;
      }
      nav a {
        padding: 6px 8px;
      }
      .tools {
        flex-wrap: wrap;
      }
      file-picker {
        flex-basis: 100%;
      }
      main {
        padding-top: 16px;
      }
    }
    @media print {
      header,
      .skip {
        display: none;
      }
    }
  `,
]
