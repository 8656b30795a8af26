import { html } from 'htm/preact';
import { api } from '../api/api.js';
import { withoutApiTerms } from '../api/messages.js';
import { useLoad, useStore } from '../hooks.js';
import { sessionProblem } from '../lib/cluster.js';
import { about, count } from '../lib/format.js';
import { waitingTime } from '../lib/job-progress.js';
import { sentence } from '../lib/text.js';
import { Delayed } from './common.js';

/** Most jobs wait for less than this. */
const DELAY_MS = 1_000;
const REFRESH_MS = 5_000;
const MEASURED_REFRESH_MS = 30_000;
/** The queue is as quick as these jobs were. */
const MEASURED = { status: ['SUCCEEDED', 'FAILED'], sort: '-finished_at', limit: 20 };

/**
 * Says if jobs wait for Spark, and not only for each other; of one job, about how long if it waits for others. Show it
 * only while one waits: it asks the server.
 */
export function WaitReason({ who, job }) {
  return html`<${Delayed} ms=${DELAY_MS}><${Reason} who=${who} job=${job} /><//>`;
}

function Reason({ who, job }) {
  const { data } = useLoad(api.server, [], REFRESH_MS);
  const problem = data && sessionProblem(data);
  if (data && !problem && job?.queue_position) {
    return html`<${WaitingTime} job=${job} server=${data} />`;
  }
  return (
    problem &&
    html`
      <p class="note warn" role="status">
        <span>${problem.jobsWait && html`<strong>${who}.</strong>${' '}`}${sentence(withoutApiTerms(problem.detail))}</span>
      </p>`
  );
}

/** Nothing if too few jobs have ended, or if the job's own submitter has as many running as it may. */
function WaitingTime({ job, server }) {
  const { data } = useLoad((signal) => api.jobs(MEASURED, signal), [], MEASURED_REFRESH_MS);
  const running = useStore((s) => [...s.jobs.values()].filter((other) => other.status === 'RUNNING' && other.submitted_by === job.submitted_by).length);
  const { max_running: places, max_running_per_token: ownPlaces } = server.limits;
  const durations = (data?.jobs ?? []).map(({ duration_ms: ms }) => ms).filter((ms) => ms !== null);
  const ms = waitingTime(Number(job.queue_position), durations, places);
  if (ms === null || (server.auth && running >= ownPlaces)) {
    return null;
  }
  return html`<p class="help">It starts in ${about(ms)}, if jobs take as long as the ${count(durations.length)} that ended last.</p>`;
}
