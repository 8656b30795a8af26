import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { MAX_FILES, chosenFiles, droppedFiles, inFolder } from '../lib/dropped-files.js';
import { bytes, count, percent, plural } from '../lib/format.js';
import { MAX_JOBS } from '../lib/job-request.js';
import { href, pageOf } from '../lib/router.js';
import { tableQuery } from '../lib/sql.js';
import { oneLine } from '../lib/text.js';
import { isOnline } from '../state/connection.js';
import { newJobWith, newJobsWith } from '../state/draft-sources.js';
import { loadJobTypes } from '../state/job-types.js';
import { go, replaceRoute } from '../state/navigation.js';
import { canSubmit, seesOnlyOwn } from '../state/session.js';
import { state } from '../state/store.js';
import { cancelUpload, deleteDataset, dismissUpload, renameDataset, retryUpload, uploadFiles } from '../state/uploads.js';
import { ErrorNote, FOLDER_PAGE_SIZE, FolderPages, Icon, RelativeTime, Skeleton, UserText } from './common.js';
import { SEARCH_CUT_SHORT } from './dataset-picker.js';
import { Preview } from './dataset-view.js';
import { ConfirmDialog, Dialog } from './dialog.js';
import { QueryLink } from './query-link.js';
import { SearchBox } from './search-box.js';
import { TableLinks } from './table-links.js';

const UPLOADS = 'uploads';

/** Browses the datasets, folder by folder, searches, and uploads files. */
export default function Datasets() {
  const query = useStore((s) => s.route.query);
  const { path = '', show = '', q = '', sort = '', as = '' } = query;
  const page = pageOf(query);
  const folder = path.replace(/\/$/, '');
  const uploaded = useStore((s) => s.uploadsDone);
  const { data, error, loading, reload } = useLoad(
    (signal) => api.datasets(folder, (page - 1) * FOLDER_PAGE_SIZE, FOLDER_PAGE_SIZE, signal, { q, sort }),
    [folder, page, q, sort, uploaded],
  );
  useEffect(() => {
    loadJobTypes();
  }, []);
  const maySubmit = useStore(canSubmit);
  const isUpload = folder === UPLOADS || folder.startsWith(`${UPLOADS}/`);
  const shown = data?.entries.find((entry) => entry.path === show);
  const preview =
    show !== '' &&
    html`
      <${Preview} key=${`${show}/${uploaded}`} path=${show} asText=${as === 'text'} onAsText=${(isText) => replaceRoute(hrefWith({ as: isText ? 'text' : null }))}>
        ${maySubmit && shown?.writable && html`<${RenameButton} path=${show} />`}
      <//>`;
  return html`
    <div class="view-head"><h1 tabindex="-1">Datasets</h1></div>
    <div class="stack">
      <div class="row apart">
        <${Crumbs} folder=${folder} />
        ${maySubmit && isUpload && folder !== UPLOADS && data !== null && html`<${FolderActions} folder=${folder} />`}
      </div>
      <div class="filters no-print">
        <${SearchBox}
          label=${folder === '' ? 'Search all datasets' : `Search in ${oneLine(folder)}`}
          placeholder="Search by name, also in folders"
          q=${q}
          onSearch=${(text) => replaceRoute(hrefWith({ q: text, page: null }))}
        />
        <span class="order">
          <select class="select" aria-label="Order" value=${sort || 'name'} onChange=${(e) => sortBy(e.currentTarget.value)}>
            ${ORDERS.map(([value, title]) => html`<option key=${value} value=${value}>${title}</option>`)}
          </select>
        </span>
      </div>
      ${maySubmit && (folder === '' || isUpload) && html`<${DropZone} key=${folder} folder=${folder.slice(UPLOADS.length + 1)} />`}
      <${Uploads} />
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} />`}
      ${data !== null && shown === undefined && preview}
      ${data !== null &&
      html`
        ${q !== '' && html`<p class="help" role="status">${plural(data.total, 'name')} found${data.cut_short ? '. ' : ''}${data.cut_short && SEARCH_CUT_SHORT}</p>`}
        <${Entries} entries=${data.entries} folder=${folder} total=${data.total} q=${q} sort=${sort} shown=${show} preview=${preview} onChange=${reload} />
        <${FolderPages} page=${data} onOffset=${(offset) => go(hrefWith({ page: offset === 0 ? null : offset / FOLDER_PAGE_SIZE + 1 }))} />
        <${TableLinks}
          href=${urls.list('datasets', { path: folder, q, sort, offset: (page - 1) * FOLDER_PAGE_SIZE, limit: FOLDER_PAGE_SIZE })}
          all=${urls.list('datasets', { path: folder, q, sort })}
          total=${data.total}
        />`}
    </div>`;
}

/** On a phone, where a table has no headings. */
const ORDERS = [
  ['name', 'By name'],
  ['-name', 'By name, backwards'],
  ['-size', 'Largest first'],
  ['size', 'Smallest first'],
  ['-modified', 'Newest first'],
  ['modified', 'Oldest first'],
];

function sortBy(sort) {
  replaceRoute(hrefWith({ sort: sort === 'name' ? null : sort, page: null }));
}

/** The address of this view with some values changed. The page is in it, so that Back returns to it. */
function hrefWith(changes) {
  return href('datasets', { ...state.route.query, ...changes });
}

function Crumbs({ folder }) {
  const names = folder === '' ? [] : folder.split('/');
  const crumb = (path, label) => html`
    <li key=${path}>
      ${path === folder
        ? html`<span aria-current="page"><${UserText} text=${label} /></span>`
        : html`<a href=${href('datasets', { path })}><${UserText} text=${label} /></a>`}
    </li>`;
  return html`
    <nav aria-label="Folder">
      <ol class="crumbs">
        ${crumb('', 'All datasets')}
        ${names.map((name, n) => crumb(names.slice(0, n + 1).join('/'), name))}
      </ol>
    </nav>`;
}

/** Renames or deletes the folder that is open. */
function FolderActions({ folder }) {
  const [isConfirming, setConfirming] = useState(false);
  return html`
    <span class="row">
      <${RenameButton} path=${folder} isFolder=${true} />
      <button type="button" class="button danger" onClick=${() => setConfirming(true)}>Delete folder</button>
      ${isConfirming &&
      html`
        <${ConfirmDialog}
          title="Delete this folder?"
          action="Delete"
          onConfirm=${async () => {
            await deleteDataset(folder);
            go(href('datasets', { path: parentOf(folder) }));
          }}
          onClose=${() => setConfirming(false)}
        >
          <p><${UserText} text=${folder} /> will be deleted with all files in it. Results of jobs that read them are kept.</p>
        <//>`}
    </span>`;
}

function parentOf(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function RenameButton({ path, isFolder = false }) {
  const [isOpen, setOpen] = useState(false);
  return html`
    <button type="button" class="button" onClick=${() => setOpen(true)}>${isFolder ? 'Rename folder' : 'Rename'}</button>
    ${isOpen && html`<${RenameDialog} path=${path} isFolder=${isFolder} onClose=${() => setOpen(false)} />`}`;
}

function RenameDialog({ path, isFolder, onClose }) {
  const [text, setText] = useState(path.slice(UPLOADS.length + 1));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const rename = async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    setBusy(true);
    try {
      const { path: renamed } = await renameDataset(path, `${UPLOADS}/${text.trim()}`);
      onClose();
      go(href('datasets', isFolder ? { path: renamed } : { path: parentOf(renamed), show: renamed }));
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${isFolder ? 'Rename this folder' : 'Rename this dataset'} onClose=${onClose}>
      <form onSubmit=${rename}>
        <div class="field">
          <label for="new-path">New name in ${UPLOADS}</label>
          <input id="new-path" class="input mono" type="text" autocomplete="off" spellcheck=${false} dir="ltr" aria-describedby="new-path-help" autofocus value=${text} onInput=${(e) => setText(e.currentTarget.value)} />
          <p class="help" id="new-path-help">With slashes it goes into a folder, such as <span class="mono">lesson 1/${isFolder ? 'texts' : 'words.txt'}</span>.</p>
        </div>
        ${error && html`<${ErrorNote} error=${error} />`}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick=${onClose}>Do not change</button>
          <button type="submit" class="button primary" aria-disabled=${busy}>Rename</button>
        </div>
      </form>
    <//>`;
}

function DropZone({ folder }) {
  const online = useStore(isOnline);
  const isOwn = useStore(seesOnlyOwn);
  const [isOver, setOver] = useState(false);
  const [into, setInto] = useState(folder);
  const [note, setNote] = useState(null);
  const add = (files) => {
    const { files: shown, hidden } = inFolder(files, into);
    setNote(noteOn(online, files.length, hidden));
    if (online && files.length <= MAX_FILES) {
      uploadFiles(shown);
    }
  };
  const drop = async (event) => {
    event.preventDefault();
    setOver(false);
    try {
      add(await droppedFiles(event.dataTransfer));
    } catch (failure) {
      setNote(`The browser could not read it: ${failure.message}`);
    }
  };
  const choose = ({ currentTarget }) => {
    add(chosenFiles(currentTarget.files));
    // The same file can be chosen again.
    currentTarget.value = '';
  };
  return html`
    <div
      class=${`drop-zone ${isOver ? 'over' : ''}`}
      onDragOver=${(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave=${() => setOver(false)}
      onDrop=${drop}
    >
      <div class="row">
        <strong>Drop files or folders here, or</strong>
        <span>
          <input id="upload-files" class="visually-hidden" type="file" multiple disabled=${!online} onChange=${choose} />
          <label class="button" for="upload-files" aria-disabled=${!online}>Choose files</label>
        </span>
        <span>
          <input id="upload-folder-files" class="visually-hidden" type="file" webkitdirectory disabled=${!online} onChange=${choose} />
          <label class="button" for="upload-folder-files" aria-disabled=${!online}>Choose a folder</label>
        </span>
        <span>
          <label for="upload-folder">Into the folder <span class="mono">${UPLOADS}/</span></label>
          <input id="upload-folder" class="input mono" type="text" autocomplete="off" spellcheck=${false} dir="ltr" placeholder="none" value=${into} onInput=${(e) => setInto(e.currentTarget.value)} />
        </span>
      </div>
      <span class="help">${isOwn ? 'Other submitters do not see what you upload.' : 'All jobs on this server can read what you upload.'}</span>
      ${note && html`<span class="field-error" role="alert">${note}</span>`}
    </div>`;
}

/** Why not everything that was dropped is uploaded, or null. */
function noteOn(online, files, hidden) {
  if (!online) {
    return 'The server cannot be reached, so nothing was uploaded. Try again once it is back.';
  }
  if (files > MAX_FILES) {
    return `These are more than ${count(MAX_FILES)} files, so nothing was uploaded. Take fewer at once.`;
  }
  if (files === 0) {
    return 'There is no file in it.';
  }
  return hidden > 0 ? `Left out: ${plural(hidden, 'file')} whose name, or that of its folder, begins with . or _` : null;
}

const UPLOAD_LABELS = { waiting: 'Waiting', sending: 'Uploading', done: 'Uploaded', failed: 'Failed' };

function Uploads() {
  const uploads = useStore((s) => s.uploads);
  const done = uploads.filter(({ status }) => status === 'done');
  return (
    uploads.length > 0 &&
    html`
      ${done.length > 1 &&
      html`
        <div class="row apart">
          <span class="help">${count(done.length)} of ${plural(uploads.length, 'file')} uploaded</span>
          <span class="row">
            ${done.length <= MAX_JOBS && html`<button type="button" class="button" onClick=${() => newJobsWith(done.map(({ name }) => `${UPLOADS}/${name}`))}>Use these ${count(done.length)} in a run set</button>`}
            <button type="button" class="button plain" onClick=${() => done.forEach(({ number }) => dismissUpload(number))}>Dismiss these ${count(done.length)}</button>
          </span>
        </div>`}
      <ul class="uploads" aria-label="Uploads">
        ${uploads.map((row) => html`<${UploadRow} key=${row.number} row=${row} />`)}
      </ul>`
  );
}

function UploadRow({ row }) {
  const fraction = row.bytes === 0 ? 1 : row.sent / row.bytes;
  const exists = row.error?.status === 409 && row.error.code !== 'dataset_in_use';
  const path = `${UPLOADS}/${row.name}`;
  return html`
    <li class="panel upload">
      <div class="row apart">
        <span><${UserText} text=${row.name} /> <span class="muted">${bytes(row.bytes)}</span></span>
        <span class="row">
          ${row.status === 'done' && html`<button type="button" class="button" onClick=${() => newJobWith(path)}>Use in a new job</button>`}
          ${row.status === 'failed' && exists && html`<button type="button" class="button" onClick=${() => retryUpload(row, true)}>Replace it</button>`}
          ${row.status === 'failed' && !exists && html`<button type="button" class="button" onClick=${() => retryUpload(row, row.replace)}>Try again</button>`}
          ${row.status === 'sending' || row.status === 'waiting'
            ? html`<button type="button" class="button" aria-label=${`Cancel the upload of ${oneLine(row.name)}`} onClick=${() => cancelUpload(row)}>Cancel</button>`
            : html`<button type="button" class="button plain" aria-label=${`Dismiss ${oneLine(row.name)}`} onClick=${() => dismissUpload(row.number)}>Dismiss</button>`}
        </span>
      </div>
      ${row.status === 'sending' && html`<progress aria-label=${`Upload of ${oneLine(row.name)}`} max="1" value=${fraction}></progress>`}
      <span class=${row.error ? 'field-error' : 'help'}>
        ${exists ? 'A dataset with this name already exists.' : row.error ? html`<${UserText} text=${row.error.message} />` : row.status === 'sending' ? `${UPLOAD_LABELS.sending}, ${percent(fraction)}${row.isStalled ? ' – the server has not answered for a while' : ''}` : UPLOAD_LABELS[row.status]}
      </span>
    </li>`;
}

/** The heading of a column, and the values of sort that it leads to, the first one first. */
const COLUMNS = [
  ['Name', 'name', '-name'],
  ['Size', '-size', 'size'],
  ['Modified', '-modified', 'modified'],
];

function Column({ column: [title, first, second], sort }) {
  const current = sort || 'name';
  const isCurrent = current === first || current === second;
  const direction = current.startsWith('-') ? 'descending' : 'ascending';
  const next = current === first ? second : first;
  return html`
    <th scope="col" class=${title === 'Size' ? 'number' : ''} aria-sort=${isCurrent ? direction : 'none'}>
      <button type="button" class="sort-button" onClick=${() => sortBy(next)}>
        ${title}${isCurrent && html`<${Icon} name=${direction === 'ascending' ? 'up' : 'down'} />`}
      </button>
    </th>`;
}

/** The preview is below its entry. */
function Entries({ entries, folder, total, q, sort, shown, preview, onChange }) {
  if (total === 0 && q !== '') {
    return html`<div class="empty"><h2>No name has this text</h2></div>`;
  }
  if (total === 0) {
    return html`
      <div class="empty">
        <h2>${folder === UPLOADS ? 'Nothing has been uploaded yet' : 'This folder is empty'}</h2>
        ${folder === UPLOADS && html`<p>Drop a file above, or choose one: text, also CSV and JSON, plain or compressed as .gz, .bz2 or .zst; for queries also Parquet and ORC.</p>`}
      </div>`;
  }
  return html`
    <div class="table-wrap">
      <table class="cards">
        <caption class="visually-hidden">${plural(entries.length, 'entry', 'entries')}</caption>
        <thead>
          <tr>
            ${COLUMNS.map((column) => html`<${Column} key=${column[0]} column=${column} sort=${sort} />`)}
            <th scope="col"><span class="visually-hidden">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${entries.flatMap((entry) => [
            html`<${EntryRow} key=${entry.path} entry=${entry} folder=${folder} name=${q === '' ? entry.name : entry.path} shown=${entry.path === shown} onChange=${onChange} />`,
            entry.path === shown && html`<tr key="preview" class="preview-row"><td colspan="4">${preview}</td></tr>`,
          ])}
        </tbody>
      </table>
    </div>`;
}

function EntryRow({ entry, folder, name, shown, onChange }) {
  const [isConfirming, setConfirming] = useState(false);
  const maySubmit = useStore(canSubmit);
  const isFolder = entry.kind === 'folder';
  const path = entry.path.replace(/\/$/, '');
  const { sort } = state.route.query;
  const link = isFolder ? href('datasets', { path, sort }) : hrefWith({ show: shown ? null : entry.path, as: null });
  return html`
    <tr aria-current=${shown ? 'true' : undefined}>
      <th scope="row">
        ${entry.problem
          ? html`<div><span class="entry-link"><${Icon} name=${entry.kind} /><${UserText} text=${name} /></span><p class="help">It ${entry.problem}.</p></div>`
          : html`<a class="entry-link" href=${link} aria-expanded=${isFolder ? undefined : String(shown)}><${Icon} name=${entry.kind} /><${UserText} text=${name} /></a>`}
      </th>
      <td class="number" data-label="Size">${isFolder ? html`<span class="muted">folder</span>` : bytes(entry.bytes)}</td>
      <td data-label="Modified"><${RelativeTime} iso=${entry.modified_at} /></td>
      <td class="entry-actions">
        ${!entry.problem && (folder !== '' || !isFolder || entry.name !== UPLOADS)
          ? html`<button type="button" class="button" aria-label=${`Use in a new job: ${oneLine(entry.name)}`} onClick=${() => newJobWith(path)}>Use in a new job</button>
              <${QueryLink} sql=${tableQuery(path)} label=${`Use in a query: ${oneLine(entry.name)}`} />`
          : null}
        ${maySubmit &&
        entry.writable &&
        !isFolder &&
        html`<button type="button" class="button danger" aria-label=${`Delete ${oneLine(entry.name)}`} onClick=${() => setConfirming(true)}>Delete</button>`}
        ${isConfirming &&
        html`
          <${ConfirmDialog}
            title="Delete this dataset?"
            action="Delete"
            onConfirm=${async () => {
              await deleteDataset(path);
              if (shown) {
                replaceRoute(hrefWith({ show: null, as: null }));
              }
              onChange();
            }}
            onClose=${() => setConfirming(false)}
          >
            <p><${UserText} text=${path} /> will be deleted. Results of jobs that read it are kept.</p>
          <//>`}
      </td>
    </tr>`;
}
