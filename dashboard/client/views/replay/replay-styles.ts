import { css } from 'lit'

/** Colours of stages and of kinds of reasons, for SVG and swatches alike. */
export const replayStyles = css`
  .preflight {
    --series: var(--series-9);
  }
  .codecache {
    --series: var(--series-4);
  }
  .application {
    --series: color-mix(in srgb, var(--muted) 45%, var(--surface));
  }
  .wait {
    --series: var(--series-8);
  }
  .preload {
    --series: var(--series-3);
  }
  .rehearse {
    --series: var(--series-1);
  }
  .settle {
    --series: var(--series-2);
  }
  .open {
    --series: var(--series-6);
  }
  .kind-applied {
    --series: var(--good);
  }
  .kind-intended {
    --series: color-mix(in srgb, var(--muted) 45%, var(--surface));
  }
  .kind-policy {
    --series: var(--accent);
  }
  .kind-limit {
    --series: var(--series-6);
  }
  .kind-mismatch {
    --series: var(--series-2);
  }
  .kind-engine {
    --series: var(--series-7);
  }
  .kind-unavailable {
    --series: var(--muted);
  }
  .kind-failed {
    --series: var(--bad);
  }
  .kind-guard {
    --series: var(--series-5);
  }
  svg {
    display: block;
    width: 100%;
    overflow: visible;
  }
  rect.fill {
    fill: var(--series);
    stroke: var(--surface);
    stroke-width: 1px;
  }
  svg text {
    fill: var(--muted);
    font-size: 12px;
  }
  .axis,
  .bracket {
    stroke: var(--muted);
    stroke-width: 1px;
  }
  .swatch {
    height: 10px;
    width: 10px;
  }
  .figure {
    margin: 12px 0 16px;
  }
  .panel > :last-child {
    margin-bottom: 0;
  }
  .long .scroll {
    max-height: 560px;
    overflow: auto;
  }
  .long thead th {
    position: sticky;
    top: 0;
    background: var(--surface);
  }
  .long tbody th,
  .long tbody td {
    min-width: 140px;
  }
  .headline {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 8px 12px;
  }
  .findings {
    list-style: none;
    margin: 14px 0 0;
    padding: 0;
    display: grid;
    gap: 8px;
  }
  .findings li {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    max-width: 85ch;
  }
  .findings .info {
    color: var(--muted);
  }
  .bars {
    display: grid;
    gap: 10px;
    margin: 14px 0;
  }
  .bar-row {
    display: grid;
    grid-template-columns: 11rem minmax(80px, 1fr) 8rem;
    gap: 2px 16px;
    align-items: center;
  }
  th.part {
    padding-top: 18px;
    font-weight: 650;
  }
  tbody tr:hover > th.part {
    background: none;
  }
  .words {
    max-width: 80ch;
    padding-left: 17px;
    font-weight: 400;
  }
  .columns {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
    gap: var(--gap);
  }
  .plain-list {
    margin: 8px 0 0;
    padding-left: 20px;
  }
  @media (max-width: 560px) {
    .bar-row {
      grid-template-columns: minmax(0, 1fr) max-content;
    }
    .bar-row svg {
      grid-column: 1 / -1;
      grid-row: 2;
    }
  }
`
