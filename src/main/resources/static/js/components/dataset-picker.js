import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useDebounced, useLoad } from '../hooks.js';
import { bytes, plural } from '../lib/format.js';
import { recentDatasets } from '../state/job-draft.js';
import { ErrorNote, FOLDER_PAGE_SIZE, FolderPages, Icon, Skeleton, UserText } from './common.js';
import { FieldNotes, controlAttributes } from './param-field.js';

export const PREVIEW_DELAY_MS = 300;
const SEARCH_DELAY_MS = 150;

/** Chooses a dataset by its path or by browsing, with a preview. */
export function DatasetPicker({ spec, value, problems, onChange, onSeveral }) {
  const id = `param-${spec.name}`;
  const [folder, setFolder] = useState(parentOf(value));
  return html`
    <div class="field picker">
      <div class="row apart">
        <label class="label" for=${id}>${spec.title}</label>
        <button type="button" class="link-button" onClick=${onSeveral}>Choose several</button>
      </div>
      <input
        class="input mono"
        type="text"
        autocomplete="off"
        spellcheck=${false}
        dir="ltr"
        ...${controlAttributes(id, spec, problems)}
        value=${value}
        onInput=${(e) => onChange(e.currentTarget.value)}
      />
      <${FieldNotes} id=${id} spec=${spec} problems=${problems} />
      <${DatasetBrowser}
        folder=${folder}
        onOpen=${setFolder}
        isChosen=${(path) => value.replace(/\/$/, '') === path}
        onChoose=${onChange}
      />
      <${DatasetPreview} path=${useDebounced(value, PREVIEW_DELAY_MS)} />
    </div>`;
}

/** The folder of a dataset, or '' for that of the roots. */
export function parentOf(path) {
  return path.slice(0, Math.max(0, path.replace(/\/$/, '').lastIndexOf('/')));
}

/** The folders of datasets. The chosen ones are pressed. Children are further buttons for the open folder. */
export function DatasetBrowser({ folder, onOpen, isChosen, onChoose, children }) {
  const [text, setText] = useState('');
  const q = useDebounced(text.trim(), SEARCH_DELAY_MS);
  const [page, setPage] = useState({ folder, q, offset: 0 });
  // Another folder begins with its first page.
  const offset = page.folder === folder && page.q === q ? page.offset : 0;
  const { data, error, loading, reload } = useLoad(
    (signal) => api.datasets(q === '' ? folder : '', offset, FOLDER_PAGE_SIZE, signal, { q }),
    [folder, q, offset],
  );
  const onOffset = (next) => setPage({ folder, q, offset: Math.max(0, next) });
  const open = (path) => {
    setText('');
    onOpen(path);
  };
  return html`
    <div class="panel" role="group" aria-label="Browse datasets" aria-busy=${loading}>
      <div class="browser-head row apart">
        <${Crumbs} folder=${folder} onOpen=${open} />
        ${folder !== '' &&
        html`<span class="row">
          ${children}
          <button
            type="button"
            class="button"
            aria-pressed=${isChosen(folder)}
            onClick=${() => onChoose(folder)}
          >
            Use this folder
          </button>
        </span>`}
      </div>
      <div class="browser-search">
        <input
          class="input"
          type="search"
          aria-label="Search all datasets"
          placeholder="Search all by name"
          dir="auto"
          value=${text}
          onInput=${(e) => setText(e.currentTarget.value)}
          onKeyDown=${(e) => e.key === 'Enter' && e.preventDefault()}
        />
        ${text === '' && html`<${Recent} isChosen=${isChosen} onChoose=${onChoose} />`}
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${3} />`}
      ${data !== null &&
      html`
        <ul class="entries">
          ${data.entries.map(
            (entry) =>
              html`<${Entry} key=${entry.path} entry=${entry} name=${q === '' ? entry.name : entry.path} isChosen=${isChosen(entry.path)} onOpen=${open} onChoose=${onChoose} />`,
          )}
          ${data.total === 0 && html`<li class="muted entry-empty">${q === '' ? 'This folder is empty' : 'No name has this text'}</li>`}
        </ul>
        ${data.cut_short && html`<p class="help entry-empty">${SEARCH_CUT_SHORT}</p>`}
        <${FolderPages} page=${data} onOffset=${onOffset} />`}
    </div>`;
}

/** What a search says that did not look at everything. */
export const SEARCH_CUT_SHORT = 'There are too many names to search them all; open a folder, or type more of the name.';

/** What the last jobs from this browser have read. */
function Recent({ isChosen, onChoose }) {
  const paths = recentDatasets();
  return (
    paths.length > 0 &&
    html`
      <ul class="recent" aria-label="Recently used">
        ${paths.map(
          (path) => html`
            <li key=${path}><button type="button" class="button chip" aria-pressed=${isChosen(path)} onClick=${() => onChoose(path)}><${UserText} text=${path} /></button></li>`,
        )}
      </ul>`
  );
}

function Crumbs({ folder, onOpen }) {
  const names = folder === '' ? [] : folder.split('/');
  const crumb = (path, label) => html`
    <li key=${path}>
      ${path === folder
        ? html`<span aria-current="true"><${UserText} text=${label} /></span>`
        : html`<button type="button" class="link-button" onClick=${() => onOpen(path)}><${UserText} text=${label} /></button>`}
    </li>`;
  return html`
    <ol class="crumbs" aria-label="Folder">
      ${crumb('', 'All datasets')}
      ${names.map((name, n) => crumb(names.slice(0, n + 1).join('/'), name))}
    </ol>`;
}

function Entry({ entry, name, isChosen, onOpen, onChoose }) {
  const isFolder = entry.kind === 'folder';
  return html`
    <li>
      <button
        type="button"
        class="entry"
        aria-pressed=${isFolder || entry.problem ? undefined : isChosen}
        aria-disabled=${entry.problem ? 'true' : undefined}
        onClick=${() => entry.problem || (isFolder ? onOpen(entry.path) : onChoose(entry.path))}
      >
        <${Icon} name=${entry.kind} />
        <span class="entry-name">
          <${UserText} text=${name} />
          ${entry.problem && html`${' '}<span class="help">It ${entry.problem}.</span>`}
        </span>
        <span class="muted entry-size">${isFolder ? 'folder' : bytes(entry.bytes)}</span>
      </button>
    </li>`;
}

/** The first lines of a dataset. */
export function DatasetPreview({ path }) {
  const { data, error, loading } = useLoad((signal) => (path === '' ? null : api.preview(path, signal)), [path]);
  if (error) {
    // Not an alert: the field shows the same when the job is submitted.
    return html`<p class="help">No preview: <${UserText} text=${error.message} /></p>`;
  }
  if (data === null) {
    return loading && html`<${Skeleton} lines=${5} />`;
  }
  if (data.lines.length === 0) {
    return html`<p class="help"><${UserText} text=${data.path} /> ${data.more ? 'has no lines that a preview can show.' : 'is empty.'}</p>`;
  }
  const all = data.lines.length === 1 ? 'The only line' : `All ${plural(data.lines.length, 'line')}`;
  return html`
    <figure class="preview">
      <figcaption class="help">${data.more ? `The first ${plural(data.lines.length, 'line')}` : all} of <${UserText} text=${data.path} /></figcaption>
      <pre class="code" tabindex="0" role="region" aria-label="Preview" dir="auto">${data.lines.join('\n')}</pre>
    </figure>`;
}
