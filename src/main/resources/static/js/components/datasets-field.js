import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDebounced } from '../hooks.js';
import { count } from '../lib/format.js';
import { announce } from '../state/store.js';
import { DatasetBrowser, DatasetPreview, PREVIEW_DELAY_MS, parentOf } from './dataset-picker.js';
import { FieldNotes, controlAttributes } from './param-field.js';

/** Chooses several datasets, by their paths or by browsing, with a preview of one. */
export function DatasetsField({ spec, value, problems, onChange }) {
  const id = `param-${spec.name}`;
  // There is always a row to type into.
  const paths = value.length === 0 ? [''] : value;
  const isFull = paths.length >= spec.max_items;
  const [current, setCurrent] = useState(0);
  const [folder, setFolder] = useState(parentOf(paths[0]));
  const rows = useRef(null);
  /** The row that takes the focus when it is drawn. */
  const focusRow = useRef(null);
  useLayoutEffect(() => {
    if (focusRow.current !== null) {
      rows.current.querySelectorAll('input')[focusRow.current]?.focus();
      focusRow.current = null;
    }
  });
  const indexOf = (path) => paths.findIndex((known) => known.replace(/\/$/, '') === path);
  const edit = (n, path) => onChange(paths.map((known, k) => (k === n ? path : known)));
  const remove = (n) => onChange(paths.filter((_, k) => k !== n));
  const add = (path) => {
    const free = paths.indexOf('');
    const at = free >= 0 ? free : paths.length;
    if (at === spec.max_items) {
      announce(`At most ${count(spec.max_items)} are allowed`);
      return at - 1;
    }
    onChange(paths.toSpliced(at, 1, path));
    setCurrent(at);
    return at;
  };
  const addRow = () => {
    focusRow.current = add('');
  };
  const removeRow = (n) => {
    focusRow.current = Math.max(0, Math.min(n, paths.length - 2));
    remove(n);
    announce('Removed');
  };
  const toggle = (path) => (indexOf(path) < 0 ? add(path) : remove(indexOf(path)));
  const preview = useDebounced(paths[current] ?? '', PREVIEW_DELAY_MS);
  const problemsOf = (path) => problems?.filter(({ item }) => item === path) ?? [];
  const general = problems?.filter(({ item }) => item === undefined) ?? [];
  return html`
    <fieldset class="field picker" aria-describedby=${controlAttributes(id, spec, general)['aria-describedby']}>
      <legend>${spec.title}</legend>
      <ol class="paths" ref=${rows}>
        ${paths.map((path, n) => {
          const row = { title: `Dataset ${n + 1}`, required: spec.required && n === 0 };
          const attributes = controlAttributes(`${id}-${n}`, row, problemsOf(path));
          return html`
            <li key=${n}>
              <div class="path">
                <input
                  class="input mono"
                  type="text"
                  autocomplete="off"
                  spellcheck=${false}
                  dir="ltr"
                  aria-label=${`${spec.title}, ${row.title}`}
                  ...${attributes}
                  aria-invalid=${n === 0 && general.length > 0 ? 'true' : attributes['aria-invalid']}
                  value=${path}
                  onFocus=${() => setCurrent(n)}
                  onInput=${(e) => edit(n, e.currentTarget.value)}
                />
                <button type="button" class="button" aria-label=${`Remove dataset ${n + 1}`} disabled=${value.length === 0} onClick=${() => removeRow(n)}>Remove</button>
              </div>
              <${FieldNotes} id=${`${id}-${n}`} spec=${row} problems=${problemsOf(path)} />
            </li>`;
        })}
      </ol>
      <div class="row">
        <button type="button" class="button" disabled=${isFull} onClick=${addRow}>Add a dataset</button>
        <span class="help">${count(value.filter((path) => path !== '').length)} of at most ${count(spec.max_items)}</span>
      </div>
      <${FieldNotes} id=${id} spec=${spec} problems=${general} />
      <${DatasetBrowser} folder=${folder} onOpen=${setFolder} isChosen=${(path) => indexOf(path) >= 0} onChoose=${toggle} />
      <${DatasetPreview} path=${preview} />
    </fieldset>`;
}
