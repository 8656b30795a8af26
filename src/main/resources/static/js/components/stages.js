import { html } from 'htm/preact';
import { api, urls } from '../api/api.js';
import { useLoad } from '../hooks.js';
import { splitHosts } from '../lib/cluster.js';
import { bytes, count, duration, plural } from '../lib/format.js';
import { delayOf, runTime } from '../lib/job-progress.js';
import { hasEnded } from '../lib/job-status.js';
import { useServerNow } from '../more-hooks.js';
import { ErrorNote, Skeleton, UserText } from './common.js';
import { TableLinks } from './table-links.js';

const LABELS = { PENDING: 'Pending', RUNNING: 'Running', COMPLETE: 'Complete', SKIPPED: 'Skipped', FAILED: 'Failed' };
const CLASSES = { PENDING: '', RUNNING: 'running', COMPLETE: 'succeeded', SKIPPED: '', FAILED: 'failed' };
const REFRESH_MS = 1_000;

/** A job's Spark stages. */
export function Stages({ job }) {
  const { data, error, reload } = useLoad(
    (signal) => api.stages(job.job_id, signal),
    [job.job_id, job.status],
    hasEnded(job) ? null : REFRESH_MS,
  );
  const failure = error && html`<${ErrorNote} error=${error} retry=${reload} />`;
  if (data === null) {
    return failure ?? html`<${Skeleton} />`;
  }
  // Spark numbers the stages of all jobs in one sequence; here each job's begin with 1.
  const stages = data.stages.map((stage, n) => ({ ...stage, number: data.stages_dropped + n + 1 }));
  return html`
    <div class="stack">
      ${failure}
      <${Timeline} job=${job} stages=${stages} />
      ${data.stages_dropped > 0 &&
      html`<p class="note">${plural(data.stages_dropped, 'stage')} at the beginning are no longer kept.</p>`}
      ${data.stages.length === 0
        ? html`<div class="empty"><h2>${hasEnded(job) ? 'No Spark stages' : 'No Spark stages yet'}</h2></div>`
        : html`<${StageTable} stages=${stages} /><${TableLinks} href=${urls.stages(job.job_id)} />`}
    </div>`;
}

function StageTable({ stages }) {
  // In local mode no stage has any.
  const hasHosts = stages.some((stage) => stage.hosts?.length > 0);
  return html`
    <div class="table-wrap">
      <table class="cards stages-table">
        <caption class="visually-hidden">Stages</caption>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Status</th>
            <th scope="col">Tasks done</th>
            ${hasHosts && html`<th scope="col">Tasks by host</th>`}
            <th scope="col" class="number">Running</th>
            <th scope="col" class="number">Read</th>
            <th scope="col" class="number">Rows</th>
            <th scope="col" class="number">Shuffle read</th>
            <th scope="col" class="number">Shuffle written</th>
            <th scope="col" class="number">Duration</th>
          </tr>
        </thead>
        <tbody>
          ${stages.map(
            (stage) => html`
              <tr key=${stage.stage_id}>
                <th scope="row"><span class="muted">${stage.number}</span> <${UserText} text=${stage.name} /></th>
                <td data-label="Status">
                  <span class=${`status ${CLASSES[stage.status] ?? ''}`}>${LABELS[stage.status] ?? stage.status}</span>
                </td>
                <td data-label="Tasks done">
                  ${count(stage.tasks_done)} of ${count(stage.tasks_total)}${stage.tasks_failed > 0 &&
                  html`, <strong class="failed-tasks">${count(stage.tasks_failed)} failed</strong>`}
                </td>
                ${hasHosts && html`<td data-label="Tasks by host" class="hosts"><${Hosts} hosts=${stage.hosts ?? []} /></td>`}
                <td data-label="Running" class="number">${count(stage.tasks_running)}</td>
                <td data-label="Read" class="number">${bytes(stage.bytes_read)}</td>
                <td data-label="Rows" class="number">${count(stage.rows_read)}</td>
                <td data-label="Shuffle read" class="number">${bytes(stage.shuffle_read_bytes)}</td>
                <td data-label="Shuffle written" class="number">${bytes(stage.shuffle_write_bytes)}</td>
                <td data-label="Duration" class="number">${duration(stage.duration_ms)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** The hosts of a stage's tasks, those with the most first. */
function Hosts({ hosts }) {
  const [named, others] = splitHosts(hosts);
  const list = (some) => html`<ul>${some.map(({ host, tasks }) => html`<li key=${host}>${host}: ${count(tasks)}</li>`)}</ul>`;
  return html`
    <div>
      ${list(named)}
      ${others.length > 0 && html`<details><summary>${count(others.length)} more</summary>${list(others)}</details>`}
    </div>`;
}

const WIDTH = 1000;
const ROW_HEIGHT = 26;
/** More bars would be hard to tell apart; the table has all stages. */
const MAX_BARS = 60;

/** The bars of a started job: its delay, if it has one, and its work. */
function runBars(started, workStarted, end) {
  const delay = workStarted > started ? [{ label: 'Delay', from: started, to: workStarted, className: 'queued' }] : [];
  return [...delay, { label: 'Running', from: workStarted, to: end, className: 'ran' }];
}

/** When the job and each of its stages waited and ran, on one time axis. */
function Timeline({ job, stages }) {
  const now = useServerNow(hasEnded(job) ? null : 1000);
  const submitted = Date.parse(job.submitted_at);
  const started = job.started_at ? Date.parse(job.started_at) : null;
  // By the server's clock, like all times here.
  const runsUntil = started === null ? null : started + (runTime(job, now) ?? 0);
  const end = job.finished_at ? Date.parse(job.finished_at) : (runsUntil ?? submitted + Math.max(0, now - job.received_at));
  const span = Math.max(1, end - submitted);
  const startedStages = stages.filter((stage) => stage.submitted_at);
  const bars = [
    { label: 'Queued', from: submitted, to: started ?? end, className: 'queued' },
    ...(started === null ? [] : runBars(started, Math.min(end, started + delayOf(job)), end)),
    ...startedStages
      .slice(0, MAX_BARS)
      .map((stage) => ({
        label: `Stage ${stage.number}`,
        from: Date.parse(stage.submitted_at),
        to: stage.completed_at ? Date.parse(stage.completed_at) : end,
        className: stage.status === 'FAILED' ? 'stage bad' : 'stage',
      })),
  ];
  const x = (at) => (Math.min(Math.max(at - submitted, 0), span) / span) * WIDTH;
  const summary = bars.map((bar) => `${bar.label} ${duration(bar.to - bar.from)}`).join(', ');
  return html`
    <figure class="panel padded timeline">
      <figcaption class="label">Timeline</figcaption>
      <div class="timeline-rows" role="img" aria-label=${`Timeline: ${summary}`}>
        ${bars.map(
          (bar) => html`
            <span class="help">${bar.label}</span>
            <svg viewBox=${`0 0 ${WIDTH} ${ROW_HEIGHT}`} preserveAspectRatio="none" class="timeline-bar" aria-hidden="true">
              <line x1="0" x2=${WIDTH} y1=${ROW_HEIGHT / 2} y2=${ROW_HEIGHT / 2} />
              <rect
                class=${bar.className}
                x=${x(bar.from)}
                y="6"
                width=${Math.max(2, x(bar.to) - x(bar.from))}
                height=${ROW_HEIGHT - 12}
                rx="2"
              />
            </svg>
            <span class="help number">${duration(Math.max(0, bar.to - bar.from))}</span>`,
        )}
      </div>
      ${startedStages.length > MAX_BARS &&
      html`<p class="help">The first ${MAX_BARS} of ${plural(startedStages.length, 'stage')}; the table below has them all.</p>`}
    </figure>`;
}
