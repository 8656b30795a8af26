import { html } from 'htm/preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useStore } from '../hooks.js';
import { argumentOf, hasValue, numberOf, valueOf } from '../lib/job-request.js';
import { parametersOf } from '../lib/sql.js';
import { FieldNotes, controlAttributes } from './param-field.js';

const TYPES = { string: 'Text', empty: 'Empty text', number: 'Number', boolean: 'Yes or no', null: 'Null' };
/** How values are shown that have no text to type. */
const FIXED = { null: 'null', empty: '""' };
const EMPTY = { type: 'string', text: '' };

/** Why an argument cannot be sent, or null; that nothing is typed is said only once the form was refused. */
function problemOf({ type, text }, isRefused) {
  if (!hasValue({ type, text })) {
    return isRefused ? 'has no value' : null;
  }
  if (type !== 'number' || numberOf(text) !== null) {
    return null;
  }
  return /^\s*[+-]?\d+\.?\d*\s*$/.test(text)
    ? 'has more digits than a number keeps: choose Text, and CAST it in the query'
    : 'is not a number, such as 20 or 0.5';
}

/** The arguments of the queries in the form: a field for each :name in them. */
export function ArgumentsField({ type, spec, value, problems = [], isRefused, onChange }) {
  const id = `param-${spec.name}`;
  const queries = useStore((s) => type.params.filter((other) => other.syntax === 'sql').map((other) => valueOf(other, s.draft)));
  const names = queries.flatMap(parametersOf);
  // What was typed is kept while the query is edited.
  const typed = useRef(Object.create(null));
  Object.assign(typed.current, value);
  const wanted = Object.fromEntries(names.map((name) => [name, name in typed.current ? argumentOf(typed.current[name]) : EMPTY]));
  const wantedText = JSON.stringify(wanted);
  useLayoutEffect(() => {
    if (wantedText !== JSON.stringify(value)) {
      onChange(wanted, false);
    }
  }, [wantedText]);
  const edit = (name, changes) => onChange({ ...wanted, [name]: { ...wanted[name], ...changes } });
  const general = problems.filter(({ item }) => !names.includes(item));
  return html`
    <fieldset class="field arguments" aria-describedby=${controlAttributes(id, spec, general)['aria-describedby']}>
      <legend>${spec.title}</legend>
      ${names.map((name) => {
        const problem = problemOf(wanted[name], isRefused);
        const wrong = problems.filter(({ item }) => item === name);
        const shown = problem === null ? wrong : [{ message: problem }];
        return html`<${ArgumentField} key=${name} id=${`${id}-${name}`} name=${name} argument=${wanted[name]} problems=${shown} onEdit=${(changes) => edit(name, changes)} />`;
      })}
      <${FieldNotes} id=${id} spec=${names.length > 0 && general.length === 0 ? { ...spec, help: '' } : spec} problems=${general} />
    </fieldset>`;
}

function ArgumentField({ id, name, argument: { type, text }, problems, onEdit }) {
  const label = `:${name}`;
  const attributes = controlAttributes(id, { title: label }, problems);
  return html`
    <div class="field">
      <label for=${id}><code>${label}</code></label>
      <div class="argument">
        ${type === 'boolean' &&
        html`
          <select class="select" ...${attributes} value=${text === 'true' ? 'true' : 'false'} onChange=${(e) => onEdit({ text: e.currentTarget.value })}>
            <option value="true">Yes</option>
            <option value="false">No</option>
          </select>`}
        ${type in FIXED && html`<input class="input" ...${attributes} disabled value=${FIXED[type]} />`}
        ${(type === 'string' || type === 'number') &&
        html`
          <input
            class="input"
            type="text"
            inputmode=${type === 'number' ? 'decimal' : undefined}
            autocomplete="off"
            spellcheck=${false}
            dir="auto"
            ...${attributes}
            value=${text}
            onInput=${(e) => onEdit({ text: e.currentTarget.value })}
          />`}
        <select class="select" aria-label=${`Type of ${label}`} value=${type} onChange=${(e) => onEdit({ type: e.currentTarget.value })}>
          ${Object.entries(TYPES).map(([each, title]) => html`<option key=${each} value=${each}>${title}</option>`)}
        </select>
      </div>
      <${FieldNotes} id=${id} spec=${{ title: label }} problems=${problems} />
    </div>`;
}
