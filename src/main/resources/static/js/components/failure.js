import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { firstErrorLine, stackTrace } from '../api/error-log.js';
import { withoutApiTerms } from '../api/messages.js';
import { useLoad, useStore } from '../hooks.js';
import { markedParam } from '../lib/job-request.js';
import { href, jobHref } from '../lib/router.js';
import { placeName, sentence } from '../lib/text.js';
import { goToLine } from '../state/job-log.js';
import { go } from '../state/navigation.js';
import { announce, state } from '../state/store.js';
import { CopyButton, ErrorNote, Skeleton, UserText } from './common.js';
import { MarkedText } from './param-value.js';

/** Why a job failed, and what to do about it. */
export function Failure({ job }) {
  const [open, setOpen] = useState(false);
  const [error, setError] = useState(null);
  const jump = async () => {
    try {
      const n = await firstErrorLine(job.job_id);
      if (n === null) {
        announce('The log has no error');
      }
      go(jobHref(job.job_id, 'log', { line: n === null ? null : n + 1 }));
      // If the address does not change, the log does not move.
      if (n !== null && state.log?.id === job.job_id) {
        goToLine(n);
      }
    } catch (failure) {
      setError(failure);
    }
  };
  const hint = withoutApiTerms(job.error.hint ?? '');
  return html`
    <section class="note bad failure" aria-label="Why it failed">
      <h2><${UserText} text=${withoutApiTerms(job.error.message) || 'The job failed'} /></h2>
      ${hint && html`<p><${UserText} text=${sentence(hint)} /></p>`}
      ${job.error.position && html`<${Place} job=${job} />`}
      <div class="row no-print">
        <button type="button" class="button" aria-expanded=${open} onClick=${() => setOpen(!open)}>
          ${open ? 'Hide stack trace' : 'Show stack trace'}
        </button>
        <button type="button" class="button" onClick=${jump}>Jump to the first error</button>
        <a href=${href('jobs', { status: 'FAILED', q: job.error.code })} title="All jobs with this error"><code>${job.error.code}</code></a>
      </div>
      ${error && html`<${ErrorNote} error=${error} />`}
      ${open && html`<${StackTrace} id=${job.job_id} />`}
    </section>`;
}

/** Where in its text the job failed. */
function Place({ job }) {
  const { position } = job.error;
  const param = useStore((s) => markedParam(job, s.jobTypes?.find((type) => type.type === job.type)));
  const text = param && job.params[param.name];
  return html`
    <p>${sentence(`${param ? `${param.title}, ` : ''}${placeName(position)}`)}</p>
    ${text && html`<${MarkedText} text=${text} label=${param.title} position=${position} />`}`;
}

function StackTrace({ id }) {
  const { data, error, reload } = useLoad((signal) => stackTrace(id, signal), [id]);
  if (error) {
    return html`<${ErrorNote} error=${error} retry=${reload} />`;
  }
  if (data === null) {
    return html`<${Skeleton} lines=${5} />`;
  }
  return html`
    <div class="stack">
      <pre class="code" tabindex="0" role="region" aria-label="Stack trace">${data === '' ? 'The log has no stack trace.' : data}</pre>
      <div><${CopyButton} label="Copy stack trace" text=${data} /></div>
    </div>`;
}
