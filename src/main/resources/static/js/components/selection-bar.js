import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useStore } from '../hooks.js';
import { count, plural } from '../lib/format.js';
import { hasEnded } from '../lib/job-status.js';
import { href, jobHref } from '../lib/router.js';
import { cancelJobs, deleteJobs, labelJobs, rerunJobs, settle } from '../state/bulk-commands.js';
import { isOnline } from '../state/connection.js';
import { MAX_SELECTED, clearSelection, selectMatching, selectPage } from '../state/selection.js';
import { canSubmit } from '../state/session.js';
import { announce, state } from '../state/store.js';
import { Icon, UserText } from './common.js';
import { ConfirmDialog, Dialog } from './dialog.js';

/** In a question, names of more jobs would be a wall of text. */
const NAMED = 5;

const LABEL_KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;

const COMMANDS = {
  cancel: {
    label: 'Cancel',
    question: (jobs) => `Cancel ${jobs}?`,
    action: (jobs) => `Cancel ${jobs}`,
    keep: 'Let them run',
    doing: 'Cancelling',
    done: 'cancelled',
    run: cancelJobs,
    fits: (job) => !hasEnded(job),
    isDanger: true,
  },
  rerun: {
    label: 'Run again',
    question: (jobs) => `Run ${jobs} again?`,
    action: (jobs) => `Run ${jobs} again`,
    keep: 'Do not',
    doing: 'Submitting',
    done: 'submitted again',
    run: rerunJobs,
    fits: hasEnded,
    isDanger: false,
  },
  label: {
    label: 'Label',
    doing: 'Labelling',
    done: 'labelled',
    fits: () => true,
  },
  delete: {
    label: 'Delete',
    question: (jobs) => `Delete ${jobs}?`,
    action: (jobs) => `Delete ${jobs}`,
    keep: 'Keep',
    explanation: 'Records, logs and results will be deleted for good.',
    doing: 'Deleting',
    done: 'deleted',
    run: deleteJobs,
    fits: hasEnded,
    isDanger: true,
  },
};

/** What can be done with the selected jobs, and what became of them. */
export function SelectionBar() {
  const selection = useStore((s) => s.selection);
  const [asked, setAsked] = useState(null);
  const [progress, setProgress] = useState(null);
  const [outcome, setOutcome] = useState(null);
  const run = async (command, ids) => {
    setOutcome(null);
    setProgress({ doing: command.doing, done: 0, total: ids.length });
    const result = await command.run(ids, (done) => setProgress({ doing: command.doing, done, total: ids.length }));
    settle(result);
    setProgress(null);
    setOutcome({ ...result, total: ids.length, done: command.done, number: result.done.length });
    announce(summary({ number: result.done.length, total: ids.length, done: command.done }));
    document.querySelector('h1')?.focus({ preventScroll: true });
  };
  return html`
    ${outcome && html`<${OutcomeNote} outcome=${outcome} onClose=${() => setOutcome(null)} />`}
    ${(selection.length > 0 || progress !== null) &&
    html`
      <section class="selection-bar no-print" aria-label="Selected jobs">
        ${progress === null
          ? html`<${Commands} selection=${selection} onAsk=${setAsked} />`
          : html`<p role="status">${progress.doing} ${plural(progress.total, 'job')}… ${count(progress.done)} done</p>`}
      </section>`}
    ${asked?.command === COMMANDS.label && html`<${LabelQuestion} asked=${asked} onLabel=${run} onClose=${() => setAsked(null)} />`}
    ${asked && asked.command !== COMMANDS.label && html`<${Question} asked=${asked} onConfirm=${() => void run(asked.command, asked.ids)} onClose=${() => setAsked(null)} />`}`;
}

function Commands({ selection, onAsk }) {
  const maySubmit = useStore(canSubmit);
  const online = useStore(isOnline);
  const onPage = useStore((s) => (s.list?.ids ?? []).filter((id) => s.jobs.has(id)));
  const jobs = useStore((s) => s.selection.map((id) => s.jobs.get(id)));
  const shown = new Set(onPage);
  const elsewhere = selection.filter((id) => !shown.has(id)).length;
  const isWholePage = onPage.every((id) => selection.includes(id));
  const button = (name) => {
    const command = COMMANDS[name];
    const ids = selection.filter((_, n) => jobs[n] !== undefined && command.fits(jobs[n]));
    // Nothing that is possible for none of them.
    return (
      ids.length > 0 &&
      html`
        <button key=${name} type="button" class=${name === 'delete' ? 'button danger' : 'button'} disabled=${!online} onClick=${() => onAsk({ command, ids })}>
          ${command.label} <span class="muted">${count(ids.length)}</span>
        </button>`
    );
  };
  return html`
    <span class="selected-count">
      <strong>${count(selection.length)} selected</strong>
      ${elsewhere > 0 && html` <span class="muted">${count(elsewhere)} not on this page</span>`}
    </span>
    <span class="row">
      ${isWholePage
        ? html`<${SelectMatching} selected=${selection.length} />`
        : html`<button type="button" class="button" onClick=${() => selectPage(true)}>All on this page</button>`}
      <${CompareLink} selection=${selection} />
      ${maySubmit && Object.keys(COMMANDS).map(button)}
      <button type="button" class="button" onClick=${clearSelection}><${Icon} name="cross" />Clear</button>
    </span>`;
}

/** Selects the jobs of the other pages as well, if so many can be selected. */
function SelectMatching({ selected }) {
  const total = useStore((s) => Number(s.list?.total));
  const online = useStore(isOnline);
  const [failure, setFailure] = useState(null);
  if (!(total > selected && total <= MAX_SELECTED)) {
    return null;
  }
  const run = () => {
    setFailure(null);
    selectMatching().catch((error) => setFailure(error.message));
  };
  return html`
    <button type="button" class="button" disabled=${!online} onClick=${run}>All ${count(total)} that match</button>
    ${failure !== null && html`<span class="bad-text" role="alert"><${UserText} text=${failure} /></span>`}`;
}

function CompareLink({ selection }) {
  if (selection.length === 2) {
    const [a, b] = selection;
    return html`<a class="button" href=${href('compare', { a, b })}>Compare</a>`;
  }
  return html`<button type="button" class="button" disabled title="Select two jobs to compare them">Compare</button>`;
}

function Question({ asked: { command, ids }, onConfirm, onClose }) {
  const jobs = plural(ids.length, 'job');
  const named = ids.slice(0, NAMED).map((id) => state.jobs.get(id)?.name ?? id);
  return html`
    <${ConfirmDialog}
      title=${command.question(jobs)}
      action=${command.action(jobs)}
      keep=${command.keep}
      isDanger=${command.isDanger}
      onConfirm=${onConfirm}
      onClose=${onClose}
    >
      <ul class="names">
        ${named.map((name, n) => html`<li key=${n}><${UserText} text=${name} /></li>`)}
        ${ids.length > NAMED && html`<li>and ${plural(ids.length - NAMED, 'other')}</li>`}
      </ul>
      ${command.explanation && html`<p>${command.explanation}</p>`}
    <//>`;
}

/** Which label the jobs get, or lose. */
function LabelQuestion({ asked: { command, ids }, onLabel, onClose }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const isKey = LABEL_KEY.test(key);
  const label = (done, newValue) => {
    onClose();
    void onLabel({ ...command, done, run: (some, onProgress) => labelJobs(some, key, newValue, onProgress) }, ids);
  };
  const submit = (event) => {
    event.preventDefault();
    if (isKey) {
      label('labelled', value.trim());
    }
  };
  return html`
    <${Dialog} title=${`Label ${plural(ids.length, 'job')}`} onClose=${onClose}>
      <form class="stack" onSubmit=${submit}>
        <div class="field">
          <label for="label-key">Label</label>
          <input id="label-key" class="input" autofocus autocomplete="off" maxlength="63" value=${key} aria-invalid=${key !== '' && !isKey} aria-describedby="label-key-help" onInput=${(e) => setKey(e.currentTarget.value)} />
          <p id="label-key-help" class="help">Letters, digits and . _ - / without a space, such as course</p>
        </div>
        <div class="field">
          <label for="label-value">Value</label>
          <input id="label-value" class="input" dir="auto" autocomplete="off" maxlength="256" value=${value} onInput=${(e) => setValue(e.currentTarget.value)} />
          <p class="help">May be empty</p>
        </div>
        <div class="dialog-buttons">
          <button type="button" class="button" onClick=${onClose}>Do not change</button>
          <button type="button" class="button" disabled=${!isKey} onClick=${() => label('without the label now', null)}>Remove the label</button>
          <button type="submit" class="button primary" disabled=${!isKey}>Add the label</button>
        </div>
      </form>
    <//>`;
}

function summary({ number, total, done }) {
  return number === total ? `${plural(total, 'job')} ${done}` : `${count(number)} of ${plural(total, 'job')} ${done}`;
}

function OutcomeNote({ outcome, onClose }) {
  const { refused } = outcome;
  return html`
    <section class=${refused.length > 0 ? 'note bad outcome' : 'note outcome'} aria-label="Outcome">
      <div class="row apart">
        <p><strong>${summary(outcome)}.</strong>${refused.length > 0 && ' The others are still selected:'}</p>
        <button type="button" class="button" onClick=${onClose}>Close</button>
      </div>
      ${refused.length > 0 && html`<ul>${refused.map(({ ids, reason }) => html`<li key=${reason}><${Refused} ids=${ids} reason=${reason} /></li>`)}</ul>`}
    </section>`;
}

function Refused({ ids, reason }) {
  const link = (id) => html`<a href=${jobHref(id)}><${UserText} text=${state.jobs.get(id)?.name ?? id} /></a>`;
  return html`
    <${UserText} text=${reason} />: ${ids.slice(0, NAMED).map((id, n) => html`${n > 0 && ', '}${link(id)}`)}
    ${ids.length > NAMED && ` and ${plural(ids.length - NAMED, 'other')}`}`;
}
