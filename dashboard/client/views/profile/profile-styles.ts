import { css } from 'lit'

/** What the parts of the Profile view have in common beside the shared styles. */
export const profileStyles = css`
  svg {
    display: block;
    overflow: visible;
  }
  svg text {
    fill: var(--muted);
    font-size: 12px;
  }
  .panel > :first-child {
    margin-top: 0;
  }
  .panel > :last-child {
    margin-bottom: 0;
  }
  .wide {
    width: 100%;
  }
  .figure {
    margin: 14px 0;
  }
  button.sort {
    padding: 2px 4px;
    margin: -2px -4px;
    min-height: 24px;
    color: inherit;
    font: inherit;
  }
  button.link {
    border: 0;
    background: none;
    padding: 0;
    min-height: 24px;
    color: var(--accent);
    text-decoration: underline;
    text-underline-offset: 0.2em;
    text-align: left;
    overflow-wrap: anywhere;
  }
  rect.fill {
    fill: var(--series);
    stroke: var(--surface);
    stroke-width: 1px;
  }
  .swatch {
    height: 10px;
    width: 10px;
  }
  .tier-turbofan {
    --series: var(--series-4);
  }
  .tier-maglev {
    --series: var(--series-3);
  }
  .tier-sparkplug {
    --series: var(--series-6);
  }
  .tier-ignition {
    --series: var(--series-1);
  }
  .tier-unknown {
    --series: var(--muted);
  }
`
