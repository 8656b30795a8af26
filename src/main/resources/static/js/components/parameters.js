import { html } from 'htm/preact';
import { duration, time } from '../format.js';
import { jobHref } from '../router.js';
import { delayOf, workedFor } from '../status.js';
import { useStore } from '../store.js';
import { Foreign } from './common.js';
import { useServerNow } from './job-parts.js';

/** What the job was asked to do, and when what happened to it. */
export function Parameters({ job }) {
  const now = useServerNow(null);
  const specs = useStore((s) => s.jobTypes?.find((type) => type.type === job.type)?.params ?? []);
  const rows = Object.entries(job.params).map(([name, value]) => {
    const spec = specs.find((known) => known.name === name);
    return { name, title: spec?.title ?? name, value, isDefault: spec !== undefined && spec.default === value };
  });
  return html`
    <div class="parameters">
      <div class="table-wrap">
        <table class="cards">
          <caption class="visually-hidden">Parameters</caption>
          <thead>
            <tr><th scope="col">Parameter</th><th scope="col">Value</th><th scope="col">Name in the API</th></tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ name, title, value, isDefault }) => html`
                <tr key=${name}>
                  <th scope="row">${title}</th>
                  <td data-label="Value">
                    <span><${Foreign} text=${shown(value)} />${isDefault && html` <span class="quiet">(default)</span>`}</span>
                  </td>
                  <td data-label="Name in the API"><code>${name}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <dl class="panel padded life">
        <dt>Job</dt><dd><code class="foreign">${job.job_id}</code></dd>
        <dt>Submitted</dt><dd>${time(job.submitted_at)}, by <${Foreign} text=${job.submitted_by} /></dd>
        <dt>Started</dt><dd>${time(job.started_at)}</dd>
        <dt>Finished</dt><dd>${time(job.finished_at)}</dd>
        <dt>Ran for</dt><dd>${duration(workedFor(job, now))}${delayOf(job) > 0 && html`, after a delay of ${duration(delayOf(job))}`}</dd>
        <dt>Attempt</dt><dd>${job.attempt} of at most ${job.max_attempts}</dd>
        ${job.rerun_of &&
        html`<dt>Run again from</dt><dd><a href=${jobHref(job.rerun_of)}><code class="foreign">${job.rerun_of}</code></a></dd>`}
      </dl>
    </div>`;
}

function shown(value) {
  if (typeof value === 'boolean') {
    return value ? 'Yes' : 'No';
  }
  return value === null ? '–' : String(value);
}
