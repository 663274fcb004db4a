import { html, nothing, type TemplateResult } from 'lit'
import { exportFormats, type ExportFormat, type ProfileView } from '../../../api.ts'
import { formatBytes, formatCount, formatMs, formatShare } from '../../../analysis/units.ts'
import { scrollRegion } from '../../components/scroll-region.ts'
import type { DataSource } from '../../data-source.ts'
import { momentText } from '../moment-text.ts'
import { countFreshness } from './freshness.ts'

const formatTitles: Readonly<Record<ExportFormat, string>> = {
  cpuprofile: '.cpuprofile',
  speedscope: 'speedscope',
  pprof: 'pprof',
}

/** Of which application it is. */
export function profileHeading({ meta }: ProfileView): TemplateResult {
  const { appId, createdAt, node, requestCount } = meta
  return html`<header>
    <h1 class="break"><span class="hidden">Profile of </span>${appId}</h1>
    <p class="muted break">
      Recorded ${momentText(createdAt)} · Node ${node.replace(/^v/, '')} ·
      ${formatCount(requestCount)} requests
    </p>
  </header>`
}

/** Where a profile comes from, how large it is, whether it still fits. */
export function headerPanel(id: string, view: ProfileView, source: DataSource): TemplateResult {
  const { meta, digest, sizeBytes, sections, locked, freshness } = view
  const compared = freshness === null ? null : countFreshness(freshness)
  return html`<section class="panel" aria-label="Facts">
    ${
      locked === null
        ? nothing
        : html`<p class="figure break"><span class="badge warning">locked</span> ${locked}</p>`
    }
    <dl class="facts figure">
      <dt>Recorded</dt>
      <dd>
        by ${meta.recorder}, for ${formatMs(meta.durationMs)},
        ${meta.listenMs === null ? 'never listened' : `listening after ${formatMs(meta.listenMs)}`}
      </dd>
      <dt>On</dt>
      <dd>Node ${meta.node.replace(/^v/, '')}, V8 ${meta.v8}, ${meta.platform} ${meta.arch}</dd>
      ${
        compared === null
          ? nothing
          : html`<dt>Still fits</dt>
              <dd>
                ${formatShare(compared.same, compared.compared)} of the modules on disk are the
                recorded ones
              </dd>`
      }
      <dt>File</dt>
      <dd>
        ${formatBytes(sizeBytes)}, SHA-256 <code title=${digest}>${digest.slice(0, 12)}</code>
      </dd>
    </dl>
    <details>
      <summary>Sections of the file</summary>
      ${scrollRegion('Sections of the file', sectionTable(sections, sizeBytes))}
    </details>
    ${source.isServed ? exports(id, source) : nothing}
  </section>`
}

function sectionTable(sections: ProfileView['sections'], sizeBytes: number): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Section</th>
        <th scope="col" class="number">Size</th>
        <th scope="col" class="number">Share</th>
      </tr>
    </thead>
    <tbody>
      ${sections.map(
        ([name, bytes]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="number">${formatBytes(bytes)}</td>
            <td class="number">${formatShare(bytes, sizeBytes)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function exports(id: string, source: DataSource): TemplateResult {
  return html`<p class="controls figure">
    <span class="small muted">Save the sampled functions as</span>
    ${exportFormats.map(
      (format) =>
        html`<a class="button" href=${source.exportUrl(id, format)} download>
          ${formatTitles[format]}
        </a>`,
    )}
  </p>`
}
