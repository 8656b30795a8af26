import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { bytes, plural } from '../format.js';
import { ask } from '../store.js';
import { ErrorNote, Foreign, Icon, Skeleton, useLoad } from './common.js';
import { FolderPages, useFolder } from './folder-pages.js';
import { Notes, described } from './param-field.js';

/** Chooses a dataset by name or by looking through the roots, and shows how it begins. */
export function DatasetPicker({ spec, value, problem, onChange }) {
  const id = `param-${spec.name}`;
  const [folder, setFolder] = useState(parentOf(value));
  return html`
    <div class="field picker">
      <label for=${id}>${spec.title}</label>
      <input
        class="input mono"
        type="text"
        autocomplete="off"
        spellcheck=${false}
        dir="ltr"
        ...${described(id, spec, problem)}
        value=${value}
        onInput=${(e) => onChange(e.currentTarget.value)}
      />
      <${Notes} id=${id} spec=${spec} problem=${problem} />
      <${Browser} folder=${folder} onOpen=${setFolder} chosen=${value} onChoose=${onChange} />
      <${Preview} path=${useSettled(value, 300)} />
    </div>`;
}

function parentOf(path) {
  return path.slice(0, Math.max(0, path.replace(/\/$/, '').lastIndexOf('/')));
}

/** A value once it has stood still for a while; the first at once. */
function useSettled(value, ms) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function Browser({ folder, onOpen, chosen, onChoose }) {
  const { data, error, loading, reload, onOffset } = useFolder(folder);
  return html`
    <div class="panel browser" role="group" aria-label="Browse datasets" aria-busy=${loading}>
      <div class="browser-head row apart">
        <${Crumbs} folder=${folder} onOpen=${onOpen} />
        ${folder !== '' &&
        html`<button
          type="button"
          class="button"
          aria-pressed=${chosen.replace(/\/$/, '') === folder}
          onClick=${() => onChoose(folder)}
        >
          Use this folder
        </button>`}
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${3} />`}
      ${data !== null &&
      html`
        <ul class="entries">
          ${data.entries.map(
            (entry) =>
              html`<${Entry} key=${entry.path} entry=${entry} chosen=${chosen} onOpen=${onOpen} onChoose=${onChoose} />`,
          )}
          ${data.total === 0 && html`<li class="quiet entry-empty">This folder is empty</li>`}
        </ul>
        <${FolderPages} page=${data} onOffset=${onOffset} />`}
    </div>`;
}

function Crumbs({ folder, onOpen }) {
  const names = folder === '' ? [] : folder.split('/');
  const crumb = (path, label) => html`
    <li key=${path}>
      ${path === folder
        ? html`<span aria-current="true"><${Foreign} text=${label} /></span>`
        : html`<button type="button" class="link-button" onClick=${() => onOpen(path)}><${Foreign} text=${label} /></button>`}
    </li>`;
  return html`
    <ol class="crumbs" aria-label="Folder">
      ${crumb('', 'All datasets')}
      ${names.map((name, n) => crumb(names.slice(0, n + 1).join('/'), name))}
    </ol>`;
}

function Entry({ entry, chosen, onOpen, onChoose }) {
  const isFolder = entry.kind === 'folder';
  return html`
    <li>
      <button
        type="button"
        class="entry"
        aria-pressed=${isFolder || entry.problem ? undefined : entry.path === chosen}
        aria-disabled=${entry.problem ? 'true' : undefined}
        onClick=${() => entry.problem || (isFolder ? onOpen(entry.path) : onChoose(entry.path))}
      >
        <${Icon} name=${entry.kind} />
        <span class="entry-name">
          <${Foreign} text=${entry.name} />
          ${entry.problem && html`${' '}<span class="help">It ${entry.problem}.</span>`}
        </span>
        <span class="quiet entry-size">${isFolder ? 'folder' : bytes(entry.bytes)}</span>
      </button>
    </li>`;
}

function Preview({ path }) {
  const { data, error, loading } = useLoad((signal) => (path === '' ? null : ask.preview(path, signal)), [path]);
  if (error) {
    // The same is told at the field when the job is sent; here it only says why nothing is shown.
    return html`<p class="help">No preview: <${Foreign} text=${error.message} /></p>`;
  }
  if (data === null) {
    return loading && html`<${Skeleton} lines=${5} />`;
  }
  if (data.lines.length === 0) {
    return html`<p class="help"><${Foreign} text=${data.path} /> ${data.more ? 'begins with no line that a preview could find.' : 'is empty.'}</p>`;
  }
  const all = data.lines.length === 1 ? 'The only line' : `All ${plural(data.lines.length, 'line')}`;
  return html`
    <figure class="preview">
      <figcaption class="help">${data.more ? `The first ${plural(data.lines.length, 'line')}` : all} of <${Foreign} text=${data.path} /></figcaption>
      <pre class="code" tabindex="0" role="region" aria-label="Preview" dir="auto">${data.lines.join('\n')}</pre>
    </figure>`;
}
