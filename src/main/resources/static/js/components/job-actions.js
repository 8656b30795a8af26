import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { absoluteUrl, api } from '../api/api.js';
import { useStore } from '../hooks.js';
import { givenName } from '../lib/job-request.js';
import { failsAgain, hasEnded } from '../lib/job-status.js';
import { href } from '../lib/router.js';
import { curl } from '../lib/snippets.js';
import { useAction, useFocusFallback, useJustBecame } from '../more-hooks.js';
import { isOnline } from '../state/connection.js';
import { cancelJob, deleteJob, editJob, loadEditable, rerunJob } from '../state/job-commands.js';
import { newJobLike } from '../state/draft-sources.js';
import { areNotificationsPossible, requestNotifications } from '../state/notifications.js';
import { canModify, canSubmit, needsToken } from '../state/session.js';
import { CopyButton, UserText } from './common.js';
import { ConfirmDialog } from './dialog.js';
import { EditDialog } from './edit-dialog.js';
import { SaveButton } from './presets.js';

/** When a job ends, "Run again" takes the place of "Cancel job". It ignores clicks for this long. */
const GUARD_MS = 1_000;

/** The buttons of a job. */
export function JobActions({ job }) {
  const online = useStore(isOnline);
  const { act, busy, note } = useAction();
  const [deleting, setDeleting] = useState(false);
  const [editing, setEditing] = useState(false);
  const id = job.job_id;
  const justEnded = useJustBecame(hasEnded(job), GUARD_MS);
  const change = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      newJobLike(id);
    }
  };
  const cancel = async () => ((await cancelJob(id)) ? null : 'Finished before it could be cancelled');
  const mayChange = useStore((s) => canModify(s, job.submitted_by));
  const maySubmit = useStore(canSubmit);
  const withToken = useStore(needsToken);
  const disabled = !online || !mayChange;
  const changeFirst = failsAgain(job) && maySubmit;
  const changeLink = html`<a key="change" class=${changeFirst ? 'button primary' : 'button'} href=${href('new', { from: id })} onClick=${change}>Change and run</a>`;
  useFocusFallback('.job-actions', hasEnded(job));
  return html`
    <div class="job-actions no-print">
      <div class="row">
        ${changeFirst && changeLink}
        ${hasEnded(job)
          ? html`
              <button
                key="rerun"
                type="button"
                class=${changeFirst ? 'button' : 'button primary'}
                disabled=${disabled}
                aria-disabled=${busy || justEnded}
                onClick=${act(() => rerunJob(id))}
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
        ${maySubmit && !changeFirst && changeLink}
        ${mayChange && html`<button type="button" class="button" disabled=${!online} onClick=${() => setEditing(true)}>Edit</button>`}
        <${CopyButton} label="Copy link" text=${() => location.href} />
        <${CopyButton} label="Copy as curl" text=${() => curl(absoluteUrl('api/v1/jobs'), requestOf(job), withToken)} />
        ${hasEnded(job) && maySubmit && html`<${SaveButton} what=${() => presetOf(id)} />`}
        ${!hasEnded(job) && html`<${NotifyButton} />`}
        ${hasEnded(job) &&
        html`
          <button type="button" class="button danger" disabled=${disabled} onClick=${() => setDeleting(true)}>
            Delete
          </button>`}
      </div>
      ${!mayChange && html`<p class="help">${`It belongs to `}<${UserText} text=${job.submitted_by} />: only they or an admin can change it.</p>`}
      ${note && html`<p class="help" role="alert">${note}</p>`}
      ${editing &&
      html`
        <${EditDialog}
          what="job"
          help=${{ name: 'Empty: the name that it was submitted with', labels: 'One in each line: a key, or key: value. The list can be filtered by them.' }}
          load=${(signal) => loadEditable(id, signal)}
          save=${(etag, patch) => editJob(id, etag, patch)}
          onClose=${() => setEditing(false)}
        />`}
      ${deleting &&
      html`
        <${ConfirmDialog}
          title="Delete this job?"
          action="Delete job"
          onConfirm=${() => deleteJob(id)}
          onClose=${() => setDeleting(false)}
        >
          <p><${UserText} text=${job.name} />: its record, log and result will be deleted for good.</p>
        <//>`}
    </div>`;
}

/** What a preset of this job runs; a list has only the beginning of long parameters. */
const presetOf = async (id) => requestOf(await api.job(id));

/** The request that creates the same job. */
function requestOf(job) {
  return { type: job.type, name: givenName(job), params: job.params };
}

const PERMISSION_LABELS = { granted: 'You will be notified', denied: 'Notifications are blocked' };

function NotifyButton() {
  const permission = useStore((s) => s.notificationPermission);
  if (!areNotificationsPossible) {
    return null;
  }
  return html`
    <button
      type="button"
      class="button"
      aria-pressed=${permission === 'granted'}
      disabled=${permission in PERMISSION_LABELS}
      onClick=${requestNotifications}
    >
      ${PERMISSION_LABELS[permission] ?? 'Notify me'}
    </button>`;
}
