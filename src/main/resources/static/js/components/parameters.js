import { html } from 'htm/preact';
import { useServerNow, useStore } from '../hooks.js';
import { duration, time } from '../lib/format.js';
import { delayOf, workTime } from '../lib/job-status.js';
import { jobHref } from '../lib/router.js';
import { UserText } from './common.js';

/** A job's parameters, and its times. */
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
                    <span><${UserText} text=${shown(value)} />${isDefault && html` <span class="muted">(default)</span>`}</span>
                  </td>
                  <td data-label="Name in the API"><code>${name}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <dl class="panel padded job-times">
        <dt>Job</dt><dd><code class="user-text">${job.job_id}</code></dd>
        <dt>Submitted</dt><dd>${time(job.submitted_at)}, by <${UserText} text=${job.submitted_by} /></dd>
        <dt>Started</dt><dd>${time(job.started_at)}</dd>
        <dt>Finished</dt><dd>${time(job.finished_at)}</dd>
        <dt>Ran for</dt><dd>${duration(workTime(job, now))}${delayOf(job) > 0 && html`, after a delay of ${duration(delayOf(job))}`}</dd>
        <dt>Attempt</dt><dd>${job.attempt} of at most ${job.max_attempts}</dd>
        ${job.rerun_of &&
        html`<dt>Run again from</dt><dd><a href=${jobHref(job.rerun_of)}><code class="user-text">${job.rerun_of}</code></a></dd>`}
      </dl>
    </div>`;
}

function shown(value) {
  if (typeof value === 'boolean') {
    return value ? 'Yes' : 'No';
  }
  return value === null ? '–' : String(value);
}
