import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { address } from '../api.js';
import { changeAndRun } from '../draft.js';
import { cancelJob, deleteJob, rerunJob } from '../job-changes.js';
import { href } from '../router.js';
import { curl } from '../snippets.js';
import { ended } from '../status.js';
import { askToNotify, isOnline, mayChange, maySend, useStore, wantsToken } from '../store.js';
import { CopyButton, Foreign } from './common.js';
import { Confirm } from './dialog.js';

/** For so long after a job's end the button that takes the place of "Cancel job" is not one yet. */
const CHANGE_MS = 1_000;

/** What can be done with a job, as its state allows. */
export function JobActions({ job }) {
  const online = useStore(isOnline);
  const [note, setNote] = useState(null);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const id = job.job_id;
  const acting = useRef(false);
  const justEnded = useJustEnded(ended(job));
  const act = (action) => async (event) => {
    // The second click of a double click may meet another button than the first.
    if (acting.current || event.detail > 1 || event.currentTarget.ariaDisabled === 'true') {
      return;
    }
    acting.current = true;
    setBusy(true);
    setNote(null);
    try {
      setNote(await action(id));
    } catch (error) {
      setNote(error.message);
    } finally {
      acting.current = false;
      setBusy(false);
    }
  };
  const change = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      changeAndRun(id);
    }
  };
  const cancel = async () => ((await cancelJob(id)) ? null : 'Finished before it could be cancelled');
  const rerun = async () => {
    await rerunJob(id);
    return null;
  };
  const own = useStore((s) => mayChange(s, job.submitted_by));
  const may = useStore(maySend);
  const auth = useStore(wantsToken);
  const disabled = !online || !own;
  useStayInPlace(ended(job));
  return html`
    <div class="job-actions no-print">
      <div class="row">
        ${ended(job)
          ? html`
              <button
                key="rerun"
                type="button"
                class="button primary"
                disabled=${disabled}
                aria-disabled=${busy || justEnded}
                onClick=${act(rerun)}
              >
                Run again
              </button>`
          : html`
              <button
                key="cancel"
                type="button"
                class="button"
                disabled=${disabled}
                aria-disabled=${busy || job.status === 'CANCELLING'}
                onClick=${act(cancel)}
              >
                Cancel job
              </button>`}
        ${may && html`<a class="button" href=${href('new', { from: id })} onClick=${change}>Change and run</a>`}
        <${CopyButton} label="Copy link" text=${() => location.href} />
        <${CopyButton} label="Copy as curl" text=${() => curl(address('api/v1/jobs'), requestOf(job), auth)} />
        ${!ended(job) && html`<${NotifyButton} />`}
        ${ended(job) &&
        html`
          <button type="button" class="button danger" disabled=${disabled} onClick=${() => setDeleting(true)}>
            Delete
          </button>`}
      </div>
      ${!own && html`<p class="help">${`It belongs to `}<${Foreign} text=${job.submitted_by} />: only they or an admin may change it.</p>`}
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

/** Where the button that had the focus is taken away by the end of the job, the heading takes it. */
function useStayInPlace(isEnded) {
  const focused = useRef(false);
  focused.current = document.activeElement?.closest('.job-actions') != null;
  useLayoutEffect(() => {
    if (focused.current && document.activeElement === document.body) {
      document.querySelector('h1')?.focus({ preventScroll: true });
    }
  }, [isEnded]);
}

/** Whether the job has ended a moment ago, while it was looked at. */
function useJustEnded(isEnded) {
  const [seen, setSeen] = useState(isEnded);
  useEffect(() => {
    if (!isEnded) {
      setSeen(false);
      return undefined;
    }
    const timer = setTimeout(() => setSeen(true), CHANGE_MS);
    return () => clearTimeout(timer);
  }, [isEnded]);
  return isEnded && !seen;
}

/** The request that makes the same job. */
function requestOf({ type, name, params }) {
  return { type, name, params };
}

const NOTIFY_WORDS = { granted: 'You will be notified', denied: 'Notifications are blocked' };

/** Only where the person asks for it does the end of a job show up outside the page. */
function NotifyButton() {
  const answer = useStore((s) => s.notify);
  const label = NOTIFY_WORDS[answer] ?? 'Notify me';
  if (!('Notification' in globalThis) || !isSecureContext) {
    return null;
  }
  return html`
    <button
      type="button"
      class="button"
      aria-pressed=${answer === 'granted'}
      disabled=${answer in NOTIFY_WORDS}
      onClick=${askToNotify}
    >
      ${label}
    </button>`;
}
