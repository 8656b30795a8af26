import { html } from 'htm/preact';
import { useStore } from '../hooks.js';
import { duration, time } from '../lib/format.js';
import { markedParam, sameValue } from '../lib/job-request.js';
import { delayOf, workTime } from '../lib/job-progress.js';
import { jobHref } from '../lib/router.js';
import { useServerNow } from '../more-hooks.js';
import { UserText } from './common.js';
import { ParamValue } from './param-value.js';

/** A job's parameters, and its times. */
export function Parameters({ job }) {
  const now = useServerNow(null);
  const type = useStore((s) => s.jobTypes?.find((known) => known.type === job.type));
  const marked = markedParam(job, type)?.name;
  const rows = Object.entries(job.params).map(([name, value]) => {
    const spec = type?.params.find((known) => known.name === name);
    const isDefault = spec !== undefined && sameValue(spec.default, value);
    return { name, title: spec?.title ?? name, value, isDefault, position: name === marked ? job.error.position : undefined };
  });
  // A job of an offline page may come from an older server.
  const labels = Object.entries(job.labels ?? {});
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
              ({ name, title, value, isDefault, position }) => html`
                <tr key=${name}>
                  <th scope="row">${title}</th>
                  <td data-label="Value">
                    <div><${ParamValue} value=${value} label=${title} position=${position} />${isDefault && html` <span class="muted">(default)</span>`}</div>
                  </td>
                  <td data-label="Name in the API"><code>${name}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <dl class="panel padded job-times">
        <dt>Job</dt><dd><code class="user-text">${job.job_id}</code></dd>
        <dt>Reads</dt><dd><${ParamValue} value=${job.inputs} /></dd>
        ${labels.length > 0 &&
        html`<dt>Labels</dt><dd><ul class="values">${labels.map(([key, value]) => html`<li key=${key}><code>${key}</code>${value && html`: <${UserText} text=${value} />`}</li>`)}</ul></dd>`}
        <dt>Submitted</dt><dd>${time(job.submitted_at)}, by <${UserText} text=${job.submitted_by} /></dd>
        <dt>Started</dt><dd>${time(job.started_at)}</dd>
        <dt>Finished</dt><dd>${time(job.finished_at)}</dd>
        <dt>Ran for</dt><dd>${duration(workTime(job, now))}${delayOf(job) > 0 && html`, after a delay of ${duration(delayOf(job))}`}</dd>
        ${job.edited_by && html`<dt>Edited</dt><dd>${time(job.edited_at)}, by <${UserText} text=${job.edited_by} /></dd>`}
        <dt>Attempt</dt><dd>${job.attempt} of at most ${job.max_attempts}</dd>
        ${job.rerun_of &&
        html`<dt>Run again from</dt><dd><a href=${jobHref(job.rerun_of)}><code class="user-text">${job.rerun_of}</code></a></dd>`}
      </dl>
    </div>`;
}
