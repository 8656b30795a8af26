import { html } from 'htm/preact';

/** The attributes that connect a control with its help and its error. */
export function controlAttributes(id, spec, problem) {
  const parts = [problem && `${id}-error`, spec.help && `${id}-help`].filter(Boolean);
  return {
    id,
    'aria-invalid': problem ? 'true' : undefined,
    'aria-describedby': parts.length > 0 ? parts.join(' ') : undefined,
    'aria-required': spec.required ? 'true' : undefined,
  };
}

/** A field's help and error. */
export function FieldNotes({ id, spec, problem }) {
  return html`
    ${problem && html`<p class="field-error" id=${`${id}-error`}>${spec.title} ${problem}</p>`}
    ${spec.help && html`<p class="help" id=${`${id}-help`}>${spec.help}</p>`}`;
}

/** The control for one parameter of a job type, by its kind. An unknown kind is a text. */
export function ParamField({ spec, value, problem, onChange }) {
  const id = `param-${spec.name}`;
  const common = controlAttributes(id, spec, problem);
  const notes = html`<${FieldNotes} id=${id} spec=${spec} problem=${problem} />`;
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
