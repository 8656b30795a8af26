import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useLoad } from '../hooks.js';
import { time } from '../lib/format.js';
import { editsOf, merged, patchOf } from '../lib/job-edits.js';
import { ErrorNote, Skeleton, UserText } from './common.js';
import { Dialog } from './dialog.js';

const FIELDS = [
  { name: 'name', title: 'Name' },
  { name: 'note', title: 'Note', rows: 5 },
  { name: 'labels', title: 'Labels', rows: 4 },
];

/**
 * A form for what can be changed of a job or a run set: its name, note and labels.
 *
 * @param {{what: string, help: {name: string, labels: string}, load: (signal: AbortSignal) => Promise<Object>, save: (etag: string, patch: Object) => Promise<Object|null>, onClose: () => void}} props
 *     what is 'job' or 'run set'; load has {edited, etag}, save null if it is done, else
 *     what somebody else has made of it, as load has it
 */
export function EditDialog({ what, help, load, save, onClose }) {
  const { data, error, reload } = useLoad(load, []);
  return html`
    <${Dialog} title=${`Edit this ${what}`} onClose=${onClose}>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && !error && html`<${Skeleton} />`}
      ${data !== null && html`<${Form} what=${what} help=${help} loaded=${data} onSave=${save} onClose=${onClose} />`}
    <//>`;
}

function Form({ what, help, loaded, onSave, onClose }) {
  const [base, setBase] = useState(loaded);
  const [fields, setFields] = useState(editsOf(loaded.edited));
  const [conflict, setConflict] = useState(null);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const first = useRef(null);
  useLayoutEffect(() => first.current.focus(), []);
  const save = async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const patch = patchOf(editsOf(base.edited), fields);
      const newer = Object.keys(patch).length === 0 ? null : await onSave(base.etag, patch);
      if (newer === null) {
        onClose();
        return;
      }
      const theirs = editsOf(newer.edited);
      const result = merged(editsOf(base.edited), fields, theirs);
      setFields(result.fields);
      setConflict({ by: newer.edited.edited_by, at: newer.edited.edited_at, theirs, names: result.conflicts });
      setBase(newer);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const change = (changes) => setFields((before) => ({ ...before, ...changes }));
  return html`
    <form class="stack" onSubmit=${save}>
      ${FIELDS.map((field, n) => html`
        <${Field} key=${field.name} field=${field} help=${help[field.name]} value=${fields[field.name]} problems=${problemsOf(error, field.name)} control=${n === 0 ? first : null}
          onChange=${(value) => change({ [field.name]: value })} />`)}
      ${conflict && html`<${Conflict} what=${what} conflict=${conflict} onTake=${(name) => change({ [name]: conflict.theirs[name] })} />`}
      ${error && html`<${ErrorNote} error=${error} />`}
      <div class="dialog-buttons">
        <button type="button" class="button" onClick=${onClose}>Do not change</button>
        <button type="submit" class="button primary" aria-disabled=${busy}>${conflict ? 'Save mine' : 'Save'}</button>
      </div>
    </form>`;
}

/** The problems of a field; those of a label belong to all of them. */
function problemsOf(error, name) {
  return (error?.errors ?? []).filter(({ field }) => field === name || field.startsWith(`${name}.`));
}

function Field({ field: { name, title, rows }, help, value, problems, control, onChange }) {
  const id = `edit-${name}`;
  const attributes = {
    id,
    ref: control,
    dir: 'auto',
    autocomplete: 'off',
    value,
    'aria-invalid': problems.length > 0,
    'aria-describedby': `${id}-notes`,
    onInput: (event) => onChange(event.currentTarget.value),
  };
  return html`
    <div class="field">
      <label for=${id}>${title}</label>
      ${rows === undefined ? html`<input class="input" ...${attributes} />` : html`<textarea class="input edit-area" rows=${rows} ...${attributes}></textarea>`}
      <div id=${`${id}-notes`}>
        ${problems.map(({ field, message }, n) => html`<p key=${n} class="field-error"><${UserText} text=${field === name ? message : `${field.slice(name.length + 1)}: ${message}`} /></p>`)}
        ${help && html`<p class="help">${help}</p>`}
      </div>
    </div>`;
}

/** What somebody else has saved meanwhile. */
function Conflict({ what, conflict: { by, at, theirs, names }, onTake }) {
  const who = by ? html`<${UserText} text=${by} />` : 'Somebody';
  return html`
    <section class="note accent" role="alert" aria-label="Changed meanwhile">
      <p class="inline"><strong>${who} has changed this ${what} meanwhile</strong>${at && ` (${time(at)})`}, so nothing is saved yet.${names.length === 0 && ' It is not what you have changed: both are in the form now.'}</p>
      ${FIELDS.filter(({ name }) => names.includes(name)).map(({ name, title }) => html`
        <div key=${name} class="stack theirs">
          <div class="row apart">
            <span class="label">${title} of theirs</span>
            <button type="button" class="button" onClick=${() => onTake(name)}>Use theirs</button>
          </div>
          <p class="note-text"><${UserText} text=${theirs[name] === '' ? '(empty)' : theirs[name]} /></p>
        </div>`)}
    </section>`;
}
