import { html } from 'htm/preact';
import { bytes, count, duration, plural } from '../format.js';
import { delayOf, ended, ranFor } from '../status.js';
import { ask } from '../store.js';
import { ErrorNote, Foreign, Skeleton, useLoad } from './common.js';
import { useServerNow } from './job-parts.js';

const WORDS = { PENDING: 'Pending', RUNNING: 'Running', COMPLETE: 'Complete', SKIPPED: 'Skipped', FAILED: 'Failed' };
const LOOKS = { PENDING: '', RUNNING: 'running', COMPLETE: 'succeeded', SKIPPED: '', FAILED: 'failed' };
const REFRESH_MS = 1_000;

/** What Spark did for a job, stage by stage, and when. */
export function Stages({ job }) {
  const { data, error, reload } = useLoad(
    (signal) => ask.stages(job.job_id, signal),
    [job.job_id, job.status],
    ended(job) ? null : REFRESH_MS,
  );
  const failure = error && html`<${ErrorNote} error=${error} retry=${reload} />`;
  if (data === null) {
    return failure ?? html`<${Skeleton} />`;
  }
  // Spark counts on over all jobs; for the reader a job's first stage is its first.
  const stages = data.stages.map((stage, n) => ({ ...stage, number: data.stages_dropped + n + 1 }));
  return html`
    <div class="stack">
      ${failure}
      <${Timeline} job=${job} stages=${stages} />
      ${data.stages_dropped > 0 &&
      html`<p class="note">${plural(data.stages_dropped, 'stage')} at the beginning no longer kept.</p>`}
      ${data.stages.length === 0
        ? html`<div class="empty"><h2>${ended(job) ? 'No Spark stages' : 'No Spark stages yet'}</h2></div>`
        : html`<${StageTable} stages=${stages} />`}
    </div>`;
}

function StageTable({ stages }) {
  return html`
    <div class="table-wrap">
      <table class="cards stages-table">
        <caption class="visually-hidden">Stages</caption>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Status</th>
            <th scope="col">Tasks done</th>
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
                <th scope="row"><span class="quiet">${stage.number}</span> <${Foreign} text=${stage.name} /></th>
                <td data-label="Status">
                  <span class=${`status ${LOOKS[stage.status] ?? ''}`}>${WORDS[stage.status] ?? stage.status}</span>
                </td>
                <td data-label="Tasks done">
                  ${count(stage.tasks_done)} of ${count(stage.tasks_total)}${stage.tasks_failed > 0 &&
                  html`, <strong class="failed-tasks">${count(stage.tasks_failed)} failed</strong>`}
                </td>
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

const WIDTH = 1000;
const ROW = 26;
/** As many stages can be told apart in one picture; the table has all. */
const MOST_BARS = 60;

/** The wait that a job was asked for stands apart, for it is no work. */
function running(started, works, end) {
  const delay = works > started ? [{ label: 'Delay', from: started, to: works, look: 'queued' }] : [];
  return [...delay, { label: 'Running', from: works, to: end, look: 'ran' }];
}

/** When the job was queued and ran, and its stages below, all on one axis of time. */
function Timeline({ job, stages }) {
  const now = useServerNow(ended(job) ? null : 1000);
  const submitted = Date.parse(job.submitted_at);
  const started = job.started_at ? Date.parse(job.started_at) : null;
  // By the server's clock, as all times here.
  const runs = started === null ? null : started + (ranFor(job, now) ?? 0);
  const end = job.finished_at ? Date.parse(job.finished_at) : (runs ?? submitted + Math.max(0, now - job.heard_at));
  const span = Math.max(1, end - submitted);
  const begun = stages.filter((stage) => stage.submitted_at);
  const bars = [
    { label: 'Queued', from: submitted, to: started ?? end, look: 'queued' },
    ...(started === null ? [] : running(started, Math.min(end, started + delayOf(job)), end)),
    ...begun
      .slice(0, MOST_BARS)
      .map((stage) => ({
        label: `Stage ${stage.number}`,
        from: Date.parse(stage.submitted_at),
        to: stage.completed_at ? Date.parse(stage.completed_at) : end,
        look: stage.status === 'FAILED' ? 'stage bad' : 'stage',
      })),
  ];
  const x = (at) => (Math.min(Math.max(at - submitted, 0), span) / span) * WIDTH;
  const told = bars.map((bar) => `${bar.label} ${duration(bar.to - bar.from)}`).join(', ');
  return html`
    <figure class="panel padded timeline">
      <figcaption class="label">Timeline</figcaption>
      <div class="timeline-rows" role="img" aria-label=${`Timeline: ${told}`}>
        ${bars.map(
          (bar) => html`
            <span class="help">${bar.label}</span>
            <svg viewBox=${`0 0 ${WIDTH} ${ROW}`} preserveAspectRatio="none" class="timeline-bar" aria-hidden="true">
              <line x1="0" x2=${WIDTH} y1=${ROW / 2} y2=${ROW / 2} />
              <rect
                class=${bar.look}
                x=${x(bar.from)}
                y="6"
                width=${Math.max(2, x(bar.to) - x(bar.from))}
                height=${ROW - 12}
                rx="2"
              />
            </svg>
            <span class="help number">${duration(Math.max(0, bar.to - bar.from))}</span>`,
        )}
      </div>
      ${begun.length > MOST_BARS &&
      html`<p class="help">The first ${MOST_BARS} of ${plural(begun.length, 'stage')}; the table below has them all.</p>`}
    </figure>`;
}
