import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useDataset } from '../draft.js';
import { bytes, percent, plural } from '../format.js';
import { isReturn } from '../places.js';
import { href, pageOf } from '../router.js';
import { ask, go, isOnline, maySend, replaceRoute, useStore } from '../store.js';
import { oneLine } from '../text.js';
import { addFiles, cancelUpload, deleteDataset, dropped, forgetUpload, sendAgain } from '../uploads.js';
import { ErrorNote, Foreign, Icon, Skeleton, useLoad } from './common.js';
import { Confirm } from './dialog.js';
import { FolderPages, PAGE } from './folder-pages.js';
import { Time } from './job-parts.js';

const UPLOADS = 'uploads';

/** What can be read, folder by folder, and the place to bring files. */
export default function DatasetsView() {
  const query = useStore((s) => s.route.query);
  const { path = '', show = '' } = query;
  const page = pageOf(query);
  const folder = path.replace(/\/$/, '');
  const uploaded = useStore((s) => s.uploadsDone);
  const { data, error, loading, reload } = useLoad(
    (signal) => ask.folder(folder, (page - 1) * PAGE, PAGE, signal),
    [folder, page, uploaded],
  );
  // In the address, so that Back returns to it.
  const onOffset = (offset) => go(folderHref(folder, offset / PAGE + 1));
  const may = useStore(maySend);
  const takesFiles = may && (folder === '' || folder === UPLOADS || folder.startsWith(`${UPLOADS}/`));
  const preview = show !== '' && html`<${Preview} key=${`${show}/${uploaded}`} path=${show} />`;
  const isElsewhere = data !== null && !data.entries.some((entry) => entry.path === show);
  return html`
    <div class="view-head"><h1 tabindex="-1">Datasets</h1></div>
    <div class="stack">
      <${Crumbs} folder=${folder} />
      ${takesFiles && html`<${DropZone} />`}
      <${Uploads} />
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} />`}
      ${isElsewhere && preview}
      ${data !== null &&
      html`
        <${Entries} entries=${data.entries} folder=${folder} page=${page} total=${data.total} shown=${show} preview=${preview} onChange=${reload} />
        <${FolderPages} page=${data} onOffset=${onOffset} />`}
    </div>`;
}

function folderHref(folder, page, show = '') {
  return href('datasets', { path: folder, page: page > 1 ? page : null, show });
}

function Crumbs({ folder }) {
  const names = folder === '' ? [] : folder.split('/');
  const crumb = (path, label) => html`
    <li key=${path}>
      ${path === folder
        ? html`<span aria-current="page"><${Foreign} text=${label} /></span>`
        : html`<a href=${href('datasets', { path })}><${Foreign} text=${label} /></a>`}
    </li>`;
  return html`
    <nav aria-label="Folder">
      <ol class="crumbs">
        ${crumb('', 'All datasets')}
        ${names.map((name, n) => crumb(names.slice(0, n + 1).join('/'), name))}
      </ol>
    </nav>`;
}

function DropZone() {
  const online = useStore(isOnline);
  const [over, setOver] = useState(false);
  const input = useRef(null);
  const [refusal, setRefusal] = useState(null);
  const take = ({ files, folders }) => {
    setRefusal(refusalOf(online, files, folders));
    if (online && files.length > 0) {
      addFiles(files);
    }
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    take(dropped(event.dataTransfer));
  };
  const chosen = () => {
    take({ files: [...input.current.files], folders: [] });
    // So that the same file can be chosen again.
    input.current.value = '';
  };
  return html`
    <div
      class=${`drop-zone ${over ? 'over' : ''}`}
      onDragOver=${(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave=${() => setOver(false)}
      onDrop=${drop}
    >
      <label for="upload-files"><strong>Drop a file, or choose one</strong></label>
      <input id="upload-files" ref=${input} type="file" multiple disabled=${!online} onChange=${chosen} />
      <span class="help">It becomes <span class="mono">uploads/…</span>, there for every job on this server.</span>
      ${refusal && html`<span class="field-error" role="alert">${refusal}</span>`}
    </div>`;
}

/** Why not all that was dropped is taken; null where it is. */
function refusalOf(online, files, folders) {
  if (!online) {
    return 'The server cannot be reached, so nothing was taken. Drop it again once it is back.';
  }
  if (folders.length > 0) {
    return `Folders are not taken; drop the files in them: ${oneLine(folders.join(', '))}`;
  }
  return files.length === 0 ? 'That is not a file.' : null;
}

const UPLOAD_WORDS = { waiting: 'Waiting', sending: 'Uploading', done: 'Uploaded', failed: 'Failed' };

function Uploads() {
  const uploads = useStore((s) => s.uploads);
  return (
    uploads.length > 0 &&
    html`
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
        <span><${Foreign} text=${row.name} /> <span class="quiet">${bytes(row.bytes)}</span></span>
        <span class="row">
          ${row.status === 'done' && html`<button type="button" class="button" onClick=${() => useDataset(path)}>Use in a new job</button>`}
          ${row.status === 'failed' && exists && html`<button type="button" class="button" onClick=${() => sendAgain(row, true)}>Replace the old one</button>`}
          ${row.status === 'failed' && !exists && html`<button type="button" class="button" onClick=${() => sendAgain(row, row.replace)}>Try again</button>`}
          ${row.status === 'sending' || row.status === 'waiting'
            ? html`<button type="button" class="button" aria-label=${`Cancel the upload of ${oneLine(row.name)}`} onClick=${() => cancelUpload(row)}>Cancel</button>`
            : html`<button type="button" class="button quiet" aria-label=${`Dismiss ${oneLine(row.name)}`} onClick=${() => forgetUpload(row.number)}>Dismiss</button>`}
        </span>
      </div>
      ${row.status === 'sending' && html`<progress aria-label=${`Upload of ${oneLine(row.name)}`} max="1" value=${fraction}></progress>`}
      <span class=${row.error ? 'field-error' : 'help'}>
        ${exists ? 'A dataset of this name is there already.' : row.error ? html`<${Foreign} text=${row.error.message} />` : row.status === 'sending' ? `${UPLOAD_WORDS.sending}, ${percent(fraction)}${row.isSilent ? ' – the server has not answered for a while' : ''}` : UPLOAD_WORDS[row.status]}
      </span>
    </li>`;
}

/** The preview stands below the entry that it belongs to. */
function Entries({ entries, folder, page, total, shown, preview, onChange }) {
  if (total === 0) {
    return html`
      <div class="empty">
        <h2>${folder === UPLOADS ? 'Nothing has been uploaded yet' : 'This folder is empty'}</h2>
        ${folder === UPLOADS && html`<p>Drop a file above, or choose one: text, plain or packed as .gz or .bz2.</p>`}
      </div>`;
  }
  return html`
    <div class="table-wrap">
      <table class="cards">
        <caption class="visually-hidden">${plural(entries.length, 'entry', 'entries')}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">Size</th>
            <th scope="col">Modified</th>
            <th scope="col"><span class="visually-hidden">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${entries.flatMap((entry) => [
            html`<${EntryRow} key=${entry.path} entry=${entry} folder=${folder} page=${page} shown=${entry.path === shown} onChange=${onChange} />`,
            entry.path === shown && html`<tr key="preview" class="preview-row"><td colspan="4">${preview}</td></tr>`,
          ])}
        </tbody>
      </table>
    </div>`;
}

function EntryRow({ entry, folder, page, shown, onChange }) {
  const [asks, setAsks] = useState(false);
  const may = useStore(maySend);
  const isFolder = entry.kind === 'folder';
  const path = entry.path.replace(/\/$/, '');
  const link = isFolder ? href('datasets', { path }) : folderHref(folder, page, shown ? '' : entry.path);
  return html`
    <tr aria-current=${shown ? 'true' : undefined}>
      <th scope="row" class="entry-cell">
        ${entry.problem
          ? html`<div><span class="entry-link"><${Icon} name=${entry.kind} /><${Foreign} text=${entry.name} /></span><p class="help">It ${entry.problem}.</p></div>`
          : html`<a class="entry-link" href=${link} aria-expanded=${isFolder ? undefined : String(shown)}><${Icon} name=${entry.kind} /><${Foreign} text=${entry.name} /></a>`}
      </th>
      <td class="number" data-label="Size">${isFolder ? html`<span class="quiet">folder</span>` : bytes(entry.bytes)}</td>
      <td data-label="Modified"><${Time} iso=${entry.modified_at} /></td>
      <td class="entry-actions">
        ${!entry.problem && (folder !== '' || !isFolder || entry.name !== UPLOADS)
          ? html`<button type="button" class="button" aria-label=${`Use in a new job: ${oneLine(entry.name)}`} onClick=${() => useDataset(path)}>Use in a new job</button>`
          : null}
        ${may &&
        entry.writable &&
        !isFolder &&
        html`<button type="button" class="button danger" aria-label=${`Delete ${oneLine(entry.name)}`} onClick=${() => setAsks(true)}>Delete</button>`}
        ${asks &&
        html`
          <${Confirm}
            title="Delete this dataset?"
            action="Delete"
            onConfirm=${async () => {
              await deleteDataset(path);
              if (shown) {
                replaceRoute(folderHref(folder, page));
              }
              onChange();
            }}
            onClose=${() => setAsks(false)}
          >
            <p><${Foreign} text=${path} /> will be gone. Results that were counted from it stay.</p>
          <//>`}
      </td>
    </tr>`;
}

function Preview({ path }) {
  const { data, error, loading, reload } = useLoad((signal) => ask.preview(path, signal), [path]);
  const section = useRef(null);
  useEffect(() => {
    // Below the last row in sight it would not be seen.
    if (!loading && !isReturn()) {
      section.current.scrollIntoView({ block: 'nearest' });
    }
  }, [loading]);
  return html`
    <section ref=${section} class="preview" aria-label="Preview">
      <div class="row apart">
        <h2>Preview of <${Foreign} text=${path} /></h2>
        <button type="button" class="button" onClick=${() => useDataset(path)}>Use in a new job</button>
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${5} />`}
      ${data !== null && data.lines.length === 0 && html`<p class="quiet">${data.more ? 'It begins with no line that a preview could find.' : 'It is empty.'}</p>`}
      ${data !== null &&
      data.lines.length > 0 &&
      html`
        <pre class="code" tabindex="0" aria-label="First lines" dir="auto">${data.lines.join('\n')}</pre>
        ${data.more && html`<p class="help">The first ${plural(data.lines.length, 'line')}; long lines are cut.</p>`}`}
    </section>`;
}
