import { html } from 'htm/preact';
import { useRef } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad } from '../hooks.js';
import { pathsOf, seriesOf } from '../lib/box-history.js';
import { bytes, count, time } from '../lib/format.js';
import { jobHref } from '../lib/router.js';
import { useWidth } from '../more-hooks.js';
import { ErrorNote, Skeleton, UserText } from './common.js';
import { SaveButtons } from './save-buttons.js';

const REFRESH_MS = 10_000;
const HEIGHT = 56;
/** With two lines of text below. */
const FULL_HEIGHT = HEIGHT + 36;

const tenths = (value) => String(Math.round(value * 10) / 10);

/** Each graph: its title, what it shows of a sample, its top if there is one, and how to write a value. */
const GRAPHS = [
  { title: 'Cores busy', of: (s) => s.cores_busy, top: (s) => s.cores, text: tenths },
  { title: 'Heap', of: (s) => s.heap_used_bytes, top: (s) => s.heap_max_bytes, text: (value) => bytes(Math.round(value)) },
  { title: 'Tasks running', of: (s) => s.tasks_running, text: tenths },
  { title: 'Jobs running', of: (s) => s.jobs_running, text: tenths },
  { title: 'Jobs waiting', of: (s) => s.jobs_waiting, text: tenths },
];

/** What the machine does, and did in the last hour. */
export function Box() {
  const { data, error, reload } = useLoad(api.serverHistory, [], REFRESH_MS);
  const graphs = useRef(null);
  return html`
    <section class="panel padded stack wide" aria-label="The last hour">
      <h2>The last hour</h2>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && !error && html`<${Skeleton} lines=${3} />`}
      ${data !== null && html`
        <div ref=${graphs} class="graphs">${GRAPHS.map((graph) => html`<${Graph} key=${graph.title} graph=${graph} samples=${data.samples} />`)}</div>
        <${SaveButtons} picture=${graphs} name=${`The last hour, until ${time(data.samples.at(-1)?.at)}`} />
        <${RunningJobs} jobs=${data.jobs} />`}
    </section>`;
}

function Graph({ graph: { title, of, top, text }, samples }) {
  const figure = useRef(null);
  const width = useWidth(figure, 240);
  const newest = samples[samples.length - 1];
  const series = newest === undefined ? null : seriesOf(samples, Date.parse(newest.at), of);
  const limit = top && newest ? Number(top(newest)) : null;
  const all = limit ? ` of ${text(limit)}` : '';
  const summary = series && `mean ${text(series.mean)}, highest ${text(series.max)}`;
  const paths = series && pathsOf(series.points, Math.max(1, limit || series.max), width, HEIGHT);
  return html`
    <figure ref=${figure} class="box-graph">
      <figcaption class="row apart"><span class="label">${title}</span><span>${series === null ? 'not known' : `${text(series.last)}${all}`}</span></figcaption>
      <svg viewBox=${`0 0 ${width} ${FULL_HEIGHT}`} width=${width} height=${FULL_HEIGHT} role="img" data-title=${series === null ? title : `${title}: ${text(series.last)}${all}`}
        aria-label=${series === null ? `${title} in the last hour: not known` : `${title} in the last hour: now ${text(series.last)}${all}, ${summary}`}>
        ${paths && html`<path class="area" d=${paths.area} /><path class="line" d=${paths.line} />`}
        <path class="base" d=${`M0 ${HEIGHT - 0.5}H${width}`} />
        <text x="0" y=${HEIGHT + 14}>1 h ago</text>
        <text class="now" x=${width} y=${HEIGHT + 14}>now</text>
        ${summary && html`<text x="0" y=${HEIGHT + 31}>${summary}</text>`}
      </svg>
    </figure>`;
}

function RunningJobs({ jobs }) {
  if (jobs.length === 0) {
    return html`<p class="muted">No job runs at the moment.</p>`;
  }
  return html`
    <table class="cards">
      <caption class="visually-hidden">Running jobs</caption>
      <thead><tr><th scope="col">Running now</th><th scope="col" class="number">Tasks</th></tr></thead>
      <tbody>
        ${jobs.map((job) => html`
          <tr key=${job.job_id}>
            <th scope="row"><a href=${jobHref(job.job_id)}><${UserText} text=${job.name} /></a></th>
            <td data-label="Tasks" class="number">${count(job.tasks_running)}</td>
          </tr>`)}
      </tbody>
    </table>`;
}
