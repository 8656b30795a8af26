// The form of a run set: parameters with several values, and what only a set has.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useDebounced } from '../hooks.js';
import { count, plural } from '../lib/format.js';
import { MAX_JOBS, jobCount, severalText, severalValues } from '../lib/job-request.js';
import { announce } from '../state/store.js';
import { ErrorNote, UserText } from './common.js';
import { DatasetBrowser, DatasetPreview, PREVIEW_DELAY_MS, parentOf } from './dataset-picker.js';
import { FieldNotes, controlAttributes } from './param-field.js';

const PAGE_SIZE = 200;

/** The control for several values of a parameter. */
export function SeveralField(props) {
  const { kind } = props.spec;
  if (kind === 'dataset') {
    return html`<${SeveralDatasets} ...${props} />`;
  }
  return kind === 'choice' || kind === 'boolean' ? html`<${SeveralChoices} ...${props} />` : html`<${SeveralTexts} ...${props} />`;
}

/** Chooses datasets, each for a job of its own. */
function SeveralDatasets({ spec, value, problems, onChange, onSeveral }) {
  const id = `param-${spec.name}`;
  const chosen = severalValues(spec, value);
  const [folder, setFolder] = useState(parentOf(chosen.at(-1) ?? ''));
  const preview = useDebounced(chosen.at(-1) ?? '', PREVIEW_DELAY_MS);
  const help = { ...spec, help: 'One path in each line. Each becomes a job of its own.' };
  const toggle = (path) => onChange(chosen.includes(path) ? chosen.filter((known) => known !== path) : [...chosen, path]);
  const add = (paths) => {
    const all = [...new Set([...chosen, ...paths])];
    onChange(all);
    announce(`${plural(all.length, 'dataset')} chosen`);
  };
  return html`
    <div class="field picker">
      <div class="row apart">
        <label class="label" for=${id}>${spec.title}</label>
        <button type="button" class="link-button" onClick=${onSeveral}>Choose one</button>
      </div>
      <textarea
        class="input mono text-input"
        rows=${Math.min(8, Math.max(3, chosen.length))}
        autocomplete="off"
        autocapitalize="off"
        spellcheck=${false}
        dir="ltr"
        ...${controlAttributes(id, help, problems)}
        value=${severalText(spec, value)}
        onInput=${(e) => onChange(e.currentTarget.value)}
      ></textarea>
      <${SeveralNotes} id=${id} spec=${help} problems=${problems} />
      <${DatasetBrowser} folder=${folder} onOpen=${setFolder} isChosen=${(path) => chosen.includes(path)} onChoose=${toggle}>
        <${AddFiles} folder=${folder} onAdd=${add} />
      <//>
      <${DatasetPreview} path=${preview} />
    </div>`;
}

/** Chooses the files of a folder, but not those of folders in it. */
function AddFiles({ folder, onAdd }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const add = async () => {
    setBusy(true);
    setError(null);
    try {
      onAdd(await filesOf(folder));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return html`
    ${error && html`<${ErrorNote} error=${error} />`}
    <button type="button" class="button" aria-disabled=${busy} onClick=${busy ? undefined : add}>Add each file</button>`;
}

/** One more than a run set can have is enough to say that they are too many. */
async function filesOf(folder) {
  const files = [];
  for (let offset = 0; files.length <= MAX_JOBS; offset += PAGE_SIZE) {
    const { entries, total } = await api.datasets(folder, offset, PAGE_SIZE);
    files.push(...entries.filter(({ kind, problem }) => kind === 'file' && !problem).map(({ path }) => path));
    if (entries.length === 0 || offset + entries.length >= total) {
      break;
    }
  }
  return files;
}

/** Ticks choices, or yes and no. */
function SeveralChoices({ spec, value, problems, onChange }) {
  const id = `param-${spec.name}`;
  const options = spec.kind === 'boolean' ? [false, true] : spec.choices;
  const chosen = Array.isArray(value) ? value : [];
  const label = (option) => (spec.kind === 'boolean' ? (option ? 'Yes' : 'No') : option);
  const tick = (option, isTicked) => onChange(options.filter((other) => (other === option ? isTicked : chosen.includes(other))));
  return html`
    <fieldset class="field" aria-describedby=${controlAttributes(id, spec, problems)['aria-describedby']}>
      <legend>${spec.title}</legend>
      <div class="row several">
        ${options.map(
          (option) => html`
            <label key=${option} class="row">
              <input type="checkbox" checked=${chosen.includes(option)} onChange=${(e) => tick(option, e.currentTarget.checked)} />${label(option)}
            </label>`,
        )}
      </div>
      <${SeveralNotes} id=${id} spec=${spec} problems=${problems} />
    </fieldset>`;
}

/** Numbers between commas, or texts, one in each line. */
function SeveralTexts({ spec, value, problems, onChange }) {
  const id = `param-${spec.name}`;
  const isNumber = spec.kind === 'integer';
  const common = { ...controlAttributes(id, spec, problems), value: severalText(spec, value), onInput: (e) => onChange(e.currentTarget.value) };
  return html`
    <div class=${isNumber ? 'field beside' : 'field'}>
      <label for=${id}>${spec.title}</label>
      ${isNumber
        ? html`<input class="input" type="text" autocomplete="off" ...${common} />`
        : html`<textarea class="input" rows="3" autocomplete="off" dir="auto" ...${common}></textarea>`}
      <${SeveralNotes} id=${id} spec=${spec} problems=${problems} />
    </div>`;
}

const SHOWN_PROBLEMS = 5;

/** A field's help and the first of its problems, which name their values. */
function SeveralNotes({ id, spec, problems = [] }) {
  const more = problems.length - SHOWN_PROBLEMS;
  return html`
    ${problems.length > 0 &&
    html`
      <div class="field-error" id=${`${id}-error`}>
        ${problems.slice(0, SHOWN_PROBLEMS).map(({ message, item }, n) => html`<p key=${n}>${item === undefined ? spec.title : html`<${UserText} text=${item} />`} ${message}</p>`)}
        ${more > 0 && html`<p>and ${plural(more, 'more problem')}</p>`}
      </div>`}
    <${FieldNotes} id=${id} spec=${spec} />`;
}

/** How many jobs the set has, and its labels. */
export function SetFields({ type, body, labels, problems, onLabels }) {
  const number = jobCount(body);
  const isSet = body.for_each !== undefined;
  const several = type.params.filter((spec) => body.for_each?.[spec.name]);
  const isMissing = type.params.some((spec) => spec.kind === 'dataset' && body.params[spec.name] === '');
  const spec = { title: 'Labels', help: 'Of the run set and its jobs, one in each line: a key, or key: value; optional.' };
  return html`
    ${isSet &&
    html`
      <div class="field">
        <label for="labels">Labels</label>
        <textarea class="input" rows="2" autocomplete="off" dir="auto" ...${controlAttributes('labels', spec, problems)} value=${labels} onInput=${(e) => onLabels(e.currentTarget.value)}></textarea>
        <${FieldNotes} id="labels" spec=${spec} problems=${problems} />
      </div>`}
    <p class=${number > MAX_JOBS ? 'field-error' : 'help'} role="status">${isMissing ? 'Choose at least one dataset; each becomes a job.' : sizeText(number, several, body)}</p>`;
}

/** '60 jobs: 30 datasets × 2 values of Shortest word'. */
function sizeText(number, several, body) {
  if (several.length === 0) {
    return '1 job. Numbers are separated by commas; each combination of all values becomes a job.';
  }
  const factors = several.map((spec) => {
    const values = body.for_each[spec.name].length;
    return spec.kind === 'dataset' ? plural(values, 'dataset') : `${count(values)} values of “${spec.title}”`;
  });
  const bound = number > MAX_JOBS ? `. A run set has at most ${count(MAX_JOBS)}.` : '';
  return `${plural(number, 'job')}: ${factors.join(' × ')}${bound}`;
}
