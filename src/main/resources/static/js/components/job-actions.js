import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { address } from '../api.js';
import { href } from '../router.js';
import { curl } from '../snippets.js';
import { ended } from '../status.js';
import { askToNotify, cancelJob, deleteJob, isOnline, rerunJob, useStore } from '../store.js';
import { Confirm, CopyButton, Foreign } from './common.js';

/** What can be done with a job, as its state allows. */
export function JobActions({ job }) {
  const online = useStore(isOnline);
  const [note, setNote] = useState(null);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const id = job.job_id;
  const act = (action) => async () => {
    setBusy(true);
    setNote(null);
    try {
      setNote(await action(id));
    } catch (error) {
      setNote(error.message);
    } finally {
      setBusy(false);
    }
  };
  const cancel = async () => ((await cancelJob(id)) ? null : 'Finished before it could be cancelled');
  const rerun = async () => {
    await rerunJob(id);
    return null;
  };
  const disabled = busy || !online;
  return html`
    <div class="job-actions no-print">
      <div class="row">
        ${ended(job)
          ? html`<button type="button" class="button primary" disabled=${disabled} onClick=${act(rerun)}>Run again</button>`
          : html`
              <button
                type="button"
                class="button"
                disabled=${disabled || job.status === 'CANCELLING'}
                onClick=${act(cancel)}
              >
                Cancel job
              </button>`}
        <a class="button" href=${href('new', { from: id })}>Change and run</a>
        <${CopyButton} label="Copy link" text=${() => location.href} />
        <${CopyButton} label="Copy as curl" text=${() => curl(address('api/v1/jobs'), requestOf(job))} />
        ${!ended(job) && html`<${NotifyButton} />`}
        ${ended(job) &&
        html`
          <button type="button" class="button danger" disabled=${disabled} onClick=${() => setDeleting(true)}>
            Delete
          </button>`}
      </div>
      ${note && html`<p class="help" role="alert">${note}</p>`}
      ${deleting &&
      html`
        <${Confirm}
          title="Delete this job?"
          action="Delete job"
          onConfirm=${() => deleteJob(id)}
          onClose=${() => setDeleting(false)}
        >
          <p><${Foreign} text=${job.name} />: its record, log and result will be gone for good.</p>
        <//>`}
    </div>`;
}

/** The request that makes the same job. */
function requestOf({ type, name, params }) {
  return { type, name, params };
}

/** Only where the person asks for it does the end of a job show up outside the page. */
function NotifyButton() {
  const notify = useStore((s) => s.notify);
  if (!('Notification' in globalThis) || !isSecureContext) {
    return null;
  }
  return html`
    <button type="button" class="button" aria-pressed=${notify} disabled=${notify} onClick=${askToNotify}>
      ${notify ? 'You will be notified' : 'Notify me'}
    </button>`;
}
