import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { bytes, percent, plural } from '../lib/format.js';
import { href, pageOf } from '../lib/router.js';
import { tableQuery } from '../lib/sql.js';
import { oneLine } from '../lib/text.js';
import { isOnline } from '../state/connection.js';
import { newJobWith } from '../state/job-draft.js';
import { loadJobTypes } from '../state/jobs.js';
import { go, isReturning, replaceRoute } from '../state/navigation.js';
import { canSubmit, seesOnlyOwn } from '../state/session.js';
import { cancelUpload, deleteDataset, dismissUpload, droppedFiles, retryUpload, uploadFiles } from '../state/uploads.js';
import { ErrorNote, FOLDER_PAGE_SIZE, FolderPages, Icon, RelativeTime, Skeleton, TableLinks, UserText } from './common.js';
import { ConfirmDialog } from './dialog.js';
import { QueryLink } from './query-link.js';

const UPLOADS = 'uploads';

/** Browses the datasets, folder by folder, and uploads files. */
export default function Datasets() {
  const query = useStore((s) => s.route.query);
  const { path = '', show = '' } = query;
  const page = pageOf(query);
  const folder = path.replace(/\/$/, '');
  const uploaded = useStore((s) => s.uploadsDone);
  const { data, error, loading, reload } = useLoad(
    (signal) => api.datasets(folder, (page - 1) * FOLDER_PAGE_SIZE, FOLDER_PAGE_SIZE, signal),
    [folder, page, uploaded],
  );
  useEffect(() => {
    loadJobTypes();
  }, []);
  // The page is in the address, so that Back returns to it.
  const onOffset = (offset) => go(folderHref(folder, offset / FOLDER_PAGE_SIZE + 1));
  const maySubmit = useStore(canSubmit);
  const canUpload = maySubmit && (folder === '' || folder === UPLOADS || folder.startsWith(`${UPLOADS}/`));
  const preview = show !== '' && html`<${Preview} key=${`${show}/${uploaded}`} path=${show} />`;
  const isOnOtherPage = data !== null && !data.entries.some((entry) => entry.path === show);
  return html`
    <div class="view-head"><h1 tabindex="-1">Datasets</h1></div>
    <div class="stack">
      <${Crumbs} folder=${folder} />
      ${canUpload && html`<${DropZone} />`}
      <${Uploads} />
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} />`}
      ${isOnOtherPage && preview}
      ${data !== null &&
      html`
        <${Entries} entries=${data.entries} folder=${folder} page=${page} total=${data.total} shown=${show} preview=${preview} onChange=${reload} />
        <${FolderPages} page=${data} onOffset=${onOffset} />
        <${TableLinks} href=${urls.list('datasets', { path: folder, offset: (page - 1) * FOLDER_PAGE_SIZE, limit: FOLDER_PAGE_SIZE })} />`}
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

function DropZone() {
  const online = useStore(isOnline);
  const isOwn = useStore(seesOnlyOwn);
  const [isOver, setOver] = useState(false);
  const input = useRef(null);
  const [problem, setProblem] = useState(null);
  const add = ({ files, folders }) => {
    setProblem(problemWith(online, files, folders));
    if (online && files.length > 0) {
      uploadFiles(files);
    }
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    add(droppedFiles(event.dataTransfer));
  };
  const choose = () => {
    add({ files: [...input.current.files], folders: [] });
    // The same file can be chosen again.
    input.current.value = '';
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
      <label for="upload-files"><strong>Drop a file, or choose one</strong></label>
      <input id="upload-files" ref=${input} type="file" multiple disabled=${!online} onChange=${choose} />
      <span class="help">It becomes <span class="mono">uploads/…</span>, ${isOwn ? 'which other submitters do not see' : 'available to all jobs on this server'}.</span>
      ${problem && html`<span class="field-error" role="alert">${problem}</span>`}
    </div>`;
}

/** Why not everything that was dropped is uploaded, or null. */
function problemWith(online, files, folders) {
  if (!online) {
    return 'The server cannot be reached, so nothing was uploaded. Try again once it is back.';
  }
  if (folders.length > 0) {
    return `Folders cannot be uploaded; drop the files in them: ${oneLine(folders.join(', '))}`;
  }
  return files.length === 0 ? 'That is not a file.' : null;
}

const UPLOAD_LABELS = { waiting: 'Waiting', sending: 'Uploading', done: 'Uploaded', failed: 'Failed' };

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

/** The preview is below its entry. */
function Entries({ entries, folder, page, total, shown, preview, onChange }) {
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
  const [isConfirming, setConfirming] = useState(false);
  const maySubmit = useStore(canSubmit);
  const isFolder = entry.kind === 'folder';
  const path = entry.path.replace(/\/$/, '');
  const link = isFolder ? href('datasets', { path }) : folderHref(folder, page, shown ? '' : entry.path);
  return html`
    <tr aria-current=${shown ? 'true' : undefined}>
      <th scope="row">
        ${entry.problem
          ? html`<div><span class="entry-link"><${Icon} name=${entry.kind} /><${UserText} text=${entry.name} /></span><p class="help">It ${entry.problem}.</p></div>`
          : html`<a class="entry-link" href=${link} aria-expanded=${isFolder ? undefined : String(shown)}><${Icon} name=${entry.kind} /><${UserText} text=${entry.name} /></a>`}
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
                replaceRoute(folderHref(folder, page));
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

function Preview({ path }) {
  const { data, error, loading, reload } = useLoad((signal) => api.preview(path, signal), [path]);
  const section = useRef(null);
  useEffect(() => {
    // It may be below the visible rows.
    if (!loading && !isReturning()) {
      section.current.scrollIntoView({ block: 'nearest' });
    }
  }, [loading]);
  return html`
    <section ref=${section} class="preview" aria-label="Preview">
      <div class="row apart">
        <h2>Preview of <${UserText} text=${path} /></h2>
        <div class="row">
          <button type="button" class="button" onClick=${() => newJobWith(path)}>Use in a new job</button>
          <${QueryLink} sql=${tableQuery(path)} />
        </div>
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${5} />`}
      ${data !== null && data.lines.length === 0 && html`<p class="muted">${data.more ? 'It has no lines that a preview can show.' : 'It is empty.'}</p>`}
      ${data !== null &&
      data.lines.length > 0 &&
      html`
        <pre class="code" tabindex="0" aria-label="First lines" dir="auto">${data.lines.join('\n')}</pre>
        ${data.more && html`<p class="help">The first ${plural(data.lines.length, 'line')}; long lines are cut.</p>`}`}
    </section>`;
}
