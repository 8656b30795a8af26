import { html } from 'htm/preact';
import { placeName } from '../lib/text.js';

/** The attributes that connect a control with its help and its problems. */
export function controlAttributes(id, spec, problems = []) {
  const isInvalid = problems.length > 0;
  const parts = [isInvalid && `${id}-error`, spec.help && `${id}-help`].filter(Boolean);
  return {
    id,
    'aria-invalid': isInvalid ? 'true' : undefined,
    'aria-describedby': parts.length > 0 ? parts.join(' ') : undefined,
    'aria-required': spec.required ? 'true' : undefined,
  };
}

/** A field's help and problems. onShow goes to the place of one, if the field can. */
export function FieldNotes({ id, spec, problems = [], onShow }) {
  return html`
    ${problems.length > 0 &&
    html`
      <div class="field-error" id=${`${id}-error`}>
        ${problems.map(({ message, position }, n) => html`<p key=${n}>${spec.title}${position && html`, <${Place} position=${position} onShow=${onShow} />:`} ${message}</p>`)}
      </div>`}
    ${spec.help && html`<p class="help" id=${`${id}-help`}>${spec.help}</p>`}`;
}

function Place({ position, onShow }) {
  const name = placeName(position);
  return onShow ? html`<button type="button" class="link-button place" onClick=${() => onShow(position)}>${name}</button>` : name;
}

/** The control for one parameter of a job type, by its kind. An unknown kind is a short text. */
export function ParamField({ spec, value, problems, onChange }) {
  const id = `param-${spec.name}`;
  const common = controlAttributes(id, spec, problems);
  const notes = html`<${FieldNotes} id=${id} spec=${spec} problems=${problems} />`;
  if (spec.kind === 'boolean') {
    return html`
      <div class="check">
        <input
          type="checkbox"
          ...${common}
          checked=${value === true}
          onChange=${(e) => onChange(e.currentTarget.checked)}
        />
        <label for=${id}>${spec.title}</label>
        ${notes}
      </div>`;
  }
  if (spec.kind === 'choice') {
    return html`
      <div class="field">
        <label for=${id}>${spec.title}</label>
        <select class="select" ...${common} value=${value} onChange=${(e) => onChange(e.currentTarget.value)}>
          ${!spec.choices.includes(value) && html`<option value="">Choose…</option>`}
          ${spec.choices.map((choice) => html`<option key=${choice} value=${choice}>${choice}</option>`)}
        </select>
        ${notes}
      </div>`;
  }
  const isNumber = spec.kind === 'integer';
  return html`
    <div class=${isNumber ? 'field beside' : 'field'}>
      <label for=${id}>${spec.title}</label>
      <input
        class="input"
        type="text"
        inputmode=${isNumber ? 'numeric' : undefined}
        autocomplete="off"
        dir="auto"
        ...${common}
        value=${String(value)}
        onInput=${(e) => onChange(e.currentTarget.value)}
      />
      ${notes}
    </div>`;
}
