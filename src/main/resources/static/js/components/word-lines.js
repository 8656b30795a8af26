import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import { api, randomId } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { sameValue } from '../lib/job-request.js';
import { href, jobHref } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { isOnline } from '../state/connection.js';
import { forgetLink } from '../state/draft-sources.js';
import { openAccepted, submitJob } from '../state/jobs.js';
import { canSubmit } from '../state/session.js';
import { ErrorNote, RelativeTime, UserText } from './common.js';
import { Dialog } from './dialog.js';

const EARLIER = 20;
const MAX_WORD = 40;

/** The link to the form with a request filled in. */
export function requestHref({ type, params }) {
  return href('new', { type, ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])) });
}

/** Says which job shows a word in its lines, and runs it or shows one that has run. */
export function WordLines({ word, request, title, onClose }) {
  const online = useStore(isOnline);
  const maySubmit = useStore(canSubmit);
  const [error, setError] = useState(null);
  const key = useRef(null);
  const isSending = useRef(false);
  const { data: earlier } = useLoad((signal) => earlierJob(word, request, signal), [word]);
  const run = async () => {
    if (isSending.current) {
      return;
    }
    isSending.current = true;
    setError(null);
    try {
      // A retry after a failure makes no second job.
      openAccepted(await submitJob(request, (key.current ??= randomId())));
    } catch (failure) {
      setError(failure);
    } finally {
      isSending.current = false;
    }
  };
  return html`
    <${Dialog} title=${`“${oneLine(truncate(word, MAX_WORD))}” in its lines`} onClose=${onClose}>
      <p>A job of its own finds the lines: ${title} of <${UserText} text=${String(request.params.input ?? '')} />, by the same rules as these words.</p>
      ${earlier && html`<p><a href=${jobHref(earlier.job_id)}>Show the one</a> that has run <${RelativeTime} iso=${earlier.submitted_at} /></p>`}
      ${!maySubmit && html`<p class="help">You may look at jobs, but not run any.</p>`}
      ${error && html`<${ErrorNote} error=${error} />`}
      <div class="dialog-buttons">
        <button type="button" class="button" onClick=${onClose}>Close</button>
        ${maySubmit && html`<a class="button" href=${requestHref(request)} onClick=${forgetLink}>Change it first</a>`}
        ${maySubmit && html`<button type="button" class="button primary" disabled=${!online} onClick=${run}>Run the job</button>`}
      </div>
    <//>`;
}

/** The newest job with the same parameters that has a result, as far as the list tells; null if there is none. */
async function earlierJob(word, { type, params }, signal) {
  const { jobs } = await api.jobs({ type, status: 'SUCCEEDED', q: word, limit: EARLIER }, signal);
  return jobs.find((job) => Object.entries(params).every(([name, value]) => sameValue(job.params[name], value))) ?? null;
}
