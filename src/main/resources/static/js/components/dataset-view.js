import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { api, urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { plural } from '../lib/format.js';
import { tableQuery } from '../lib/sql.js';
import { oneLine } from '../lib/text.js';
import { isBinary, isTabular, rowsOf } from '../lib/table-lines.js';
import { truncate } from '../lib/truncate.js';
import { newJobWith } from '../state/draft-sources.js';
import { isReturning } from '../state/navigation.js';
import { canSubmit } from '../state/session.js';
import { ErrorNote, Icon, Skeleton, UserText } from './common.js';
import { QueryLink } from './query-link.js';
import { TableLinks } from './table-links.js';

const MAX_CELL = 200;
/** More would make the table slow; a query can show them. */
const MAX_COLUMNS = 50;

/** Whether the server lets this user have the file: as much as a query can read. */
const mayDownload = (path) => (s) =>
  canSubmit(s) && (path.startsWith('uploads/') || s.jobTypes === null || s.jobTypes.some(({ type }) => type === 'sql'));

/** Downloads a file. */
export function DownloadLink({ path }) {
  const isShown = useStore(mayDownload(path));
  return (
    isShown &&
    html`<a class="button no-print" href=${urls.dataset(path)} download aria-label=${`Download ${oneLine(path)}`}><${Icon} name="download" />Download</a>`
  );
}

/** The first lines of a file; of a table as rows, unless asText. */
export function Preview({ path, asText, onAsText, children }) {
  const { data, error, loading, reload } = useLoad(
    (signal) => (isBinary(path) ? { lines: [], more: false } : api.preview(path, signal)),
    [path],
  );
  const table = useLoad((signal) => (isTabular(path) ? api.columns(path, signal) : null), [path]);
  const section = useRef(null);
  useEffect(() => {
    // It may be below the visible rows.
    if (!loading && !isReturning()) {
      section.current.scrollIntoView({ block: 'nearest' });
    }
  }, [loading]);
  const rows = data !== null && table.data !== null ? rowsOf(data.lines, data.more, table.data) : null;
  return html`
    <section ref=${section} class="preview" aria-label="Preview">
      <div class="row apart">
        <h2>Preview of <${UserText} text=${path} /></h2>
        <div class="row">
          <button type="button" class="button" onClick=${() => newJobWith(path)}>Use in a new job</button>
          <${QueryLink} sql=${tableQuery(path)} />
          <${DownloadLink} path=${path} />
          ${children}
        </div>
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${5} />`}
      ${table.error && html`<p class="help">No columns: <${UserText} text=${table.error.message} /></p>`}
      ${isTabular(path) && table.data === null && table.loading && html`<${Skeleton} lines=${2} label="Looking for the columns" />`}
      ${table.data !== null && (rows === null || asText) && html`<${Columns} path=${path} columns=${table.data.columns} />`}
      ${rows !== null && !asText && html`<${Rows} path=${path} rows=${rows} columns=${table.data.columns} more=${data.more} />`}
      ${data !== null && (rows === null || asText) && html`<${Lines} path=${path} data=${data} />`}
      ${rows !== null &&
      html`<p><button type="button" class="link-button no-print" onClick=${() => onAsText(!asText)}>${asText ? 'Show as a table' : 'Show as text'}</button></p>`}
    </section>`;
}

function Lines({ path, data }) {
  if (isBinary(path)) {
    return null;
  }
  if (data.lines.length === 0) {
    return html`<p class="muted">${data.more ? 'It has no lines that a preview can show.' : 'It is empty.'}</p>`;
  }
  return html`
    <pre class="code" tabindex="0" aria-label="First lines" dir="auto">${data.lines.join('\n')}</pre>
    ${data.more && html`<p class="help">The first ${plural(data.lines.length, 'line')}; long lines are cut.</p>`}`;
}

function Columns({ path, columns }) {
  return html`
    <details open>
      <summary>${plural(columns.length, 'column')}</summary>
      <div class="table-wrap scroll" tabindex="0" role="region" aria-label="Columns">
        <table>
          <thead><tr><th scope="col">Column</th><th scope="col">Type</th></tr></thead>
          <tbody>
            ${columns.map(({ name, type }) => html`<tr key=${name}><th scope="row"><${UserText} text=${name} /></th><td><code><${UserText} text=${type} /></code></td></tr>`)}
          </tbody>
        </table>
      </div>
      <${TableLinks} href=${urls.list('datasets/columns', { path })} />
    </details>`;
}

function Rows({ path, rows, columns, more }) {
  const shown = columns.slice(0, MAX_COLUMNS);
  return html`
    <div class="table-wrap scroll" tabindex="0" role="region" aria-label="First rows">
      <table class="result-table">
        <caption class="visually-hidden">${plural(rows.length, 'row')} with ${plural(columns.length, 'column')}</caption>
        <thead>
          <tr>
            ${shown.map(({ name, type }) => html`<th key=${name} scope="col"><${UserText} text=${name} /> <span class="unit"><${UserText} text=${truncate(type, MAX_CELL)} /></span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row, r) => html`<tr key=${r}>${shown.map(({ name }, n) => html`<td key=${name}><${UserText} text=${truncate(row[n], MAX_CELL)} /></td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
    <p class="help">
      ${more ? `The first ${plural(rows.length, 'row')}.` : `${plural(rows.length, 'row')}.`}${shown.length < columns.length && ` The first ${MAX_COLUMNS} of ${plural(columns.length, 'column')}.`}
    </p>
    <${TableLinks} href=${urls.list('datasets/preview', { path })} />`;
}
