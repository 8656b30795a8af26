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
      <${TextLength} value=${value} max=${spec.max_length} />
      <${FieldNotes} id=${id} spec=${spec} problems=${problems} onShow=${show} />
    </div>`;
}

/** How much of the text's bound is taken; nothing while that is little. */
export function TextLength({ value, max }) {
  const length = value.length > NEAR * max ? [...value].length : 0;
  return (
    length > NEAR * max &&
    html`<p class=${length > max ? 'field-error' : 'help'}>${count(length)} of at most ${count(max)} characters</p>`
  );
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
