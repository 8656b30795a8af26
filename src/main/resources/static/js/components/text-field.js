import { html } from 'htm/preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { count } from '../lib/format.js';
import { rangeOf } from '../lib/text-position.js';
import { FieldNotes, controlAttributes } from './param-field.js';

/** The length of a text is shown from this part of its bound. */
const NEAR = 0.8;

/** The control for a text of several lines, such as a query. Selects the place of the first problem that has one. */
export function TextField({ spec, value, problems, onChange }) {
  const id = `param-${spec.name}`;
  const area = useRef(null);
  const show = (position) => {
    select(area.current, position);
    area.current.focus();
  };
  useLayoutEffect(() => {
    const position = problems?.find((problem) => problem.position)?.position;
    if (position) {
      select(area.current, position);
    }
  }, [problems]);
  const length = value.length > NEAR * spec.max_length ? [...value].length : 0;
  return html`
    <div class="field">
      <label for=${id}>${spec.title}</label>
      <textarea
        class="input mono text-input"
        ref=${area}
        rows="10"
        autocomplete="off"
        autocapitalize="off"
        spellcheck=${false}
        dir="auto"
        ...${controlAttributes(id, spec, problems)}
        value=${value}
        onInput=${(e) => onChange(e.currentTarget.value)}
      ></textarea>
      ${length > NEAR * spec.max_length &&
      html`<p class=${length > spec.max_length ? 'field-error' : 'help'}>${count(length)} of at most ${count(spec.max_length)} characters</p>`}
      <${FieldNotes} id=${id} spec=${spec} problems=${problems} onShow=${show} />
    </div>`;
}

/** Selects a place and scrolls to it, which browsers do not do. */
function select(area, position) {
  const text = area.value;
  const [start, end] = rangeOf(text, position);
  area.setSelectionRange(start, end);
  // Exact unless long lines are wrapped.
  const part = lineCount(text.slice(0, start)) / lineCount(text);
  area.scrollTop = part * area.scrollHeight - area.clientHeight / 2;
}

function lineCount(text) {
  return text.split('\n').length;
}
