import { css } from 'lit'

/** Colours of phases, for SVG and swatches alike. */
export const startStyles = css`
  .node {
    --series: color-mix(in srgb, var(--muted) 45%, var(--surface));
  }
  .trace {
    --series: var(--series-9);
  }
  .prewarm {
    --series: var(--series-5);
  }
  .builtin {
    --series: var(--series-8);
  }
  .resolve {
    --series: var(--series-1);
  }
  .read {
    --series: var(--series-6);
  }
  .compile {
    --series: var(--series-2);
  }
  .evaluate {
    --series: var(--series-3);
  }
  .run {
    --series: var(--series-7);
  }
  .gc {
    --series: var(--series-10);
  }
  .wait {
    --series: var(--series-4);
  }
  .other {
    --series: var(--muted);
  }
  svg {
    display: block;
    width: 100%;
    overflow: visible;
  }
  svg text {
    fill: var(--muted);
    font-size: 12px;
  }
  rect.fill {
    fill: var(--series);
    stroke: var(--surface);
    stroke-width: 0.5px;
  }
  .axis {
    stroke: var(--muted);
    stroke-width: 1px;
  }
  .swatch {
    height: 10px;
    width: 10px;
  }
  .figure {
    margin: 14px 0;
  }
  .panel > :last-child {
    margin-bottom: 0;
  }
  .bars {
    display: grid;
    gap: 10px;
    margin: 14px 0;
  }
  .bar-row {
    display: grid;
    grid-template-columns: 5rem minmax(80px, 1fr) 5rem;
    gap: 2px 16px;
    align-items: center;
  }
  .ticks {
    grid-column: 2;
  }
  td.bar {
    min-width: 140px;
    width: 30%;
  }
  td.bar svg {
    position: relative;
    top: 2px;
  }
  .long .scroll {
    max-height: 560px;
    overflow: auto;
  }
  .long thead th {
    position: sticky;
    top: 0;
    z-index: 2;
    background: var(--surface);
  }
  .phase {
    min-width: 130px;
  }
  .name {
    min-width: 180px;
    overflow-wrap: anywhere;
  }
  button.sort {
    padding: 2px 4px;
    margin: -2px -4px;
    min-height: 24px;
    color: inherit;
    font: inherit;
  }
  ol.advice {
    margin: 0;
    padding: 0;
    list-style: none;
    display: grid;
    gap: 14px;
  }
  ol.advice > li {
    display: grid;
    grid-template-columns: 5.5rem minmax(0, 1fr);
    gap: 0 16px;
    align-items: baseline;
  }
  ol.advice ul {
    grid-column: 2;
    margin: 4px 0 0;
    padding-left: 18px;
  }
  ol.advice .title {
    font-weight: 550;
    max-width: 85ch;
  }
  @media (max-width: 560px) {
    .bar-row {
      grid-template-columns: minmax(0, 1fr) max-content;
    }
    .bar-row svg {
      grid-column: 1 / -1;
      grid-row: 2;
    }
    .bar-row .ticks {
      grid-row: auto;
    }
    ol.advice > li {
      grid-template-columns: minmax(0, 1fr);
    }
    ol.advice > li > .number {
      text-align: left;
    }
    ol.advice ul {
      grid-column: 1;
    }
  }
`
