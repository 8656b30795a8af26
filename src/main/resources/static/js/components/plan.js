import { html } from 'htm/preact';
import { api } from '../api/api.js';
import { useLoad } from '../hooks.js';
import { hasEnded } from '../lib/job-status.js';
import { CopyButton, ErrorNote, Skeleton } from './common.js';

/** How Spark runs a query. */
export function Plan({ job }) {
  const { data, error, loading, reload } = useLoad((signal) => api.plan(job.job_id, signal), [job.job_id, job.status]);
  if (error?.status === 404) {
    return html`
      <div class="empty">
        <h2>${hasEnded(job) ? 'No plan' : 'No plan yet'}</h2>
        <p>${hasEnded(job) ? 'The job ended before Spark had planned it.' : 'It appears here as soon as Spark has planned the query.'}</p>
      </div>`;
  }
  if (error) {
    return html`<${ErrorNote} error=${error} retry=${reload} />`;
  }
  if (data === null) {
    return loading && html`<${Skeleton} lines=${9} />`;
  }
  return html`
    <div class="stack">
      <div class="row apart">
        <p class="help">How Spark runs the query: each line takes the rows of the more indented lines below it.</p>
        <${CopyButton} label="Copy the plan" text=${data.plan} />
      </div>
      <pre class="code plan" tabindex="0" role="region" aria-label="Plan" dir="ltr">${data.plan}</pre>
    </div>`;
}
