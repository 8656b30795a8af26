import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad } from '../hooks.js';
import { plural } from '../lib/format.js';
import { columnName, quotedName } from '../lib/sql.js';
import { oneLine } from '../lib/text.js';
import { ErrorNote, Skeleton, UserText } from './common.js';
import { DatasetBrowser } from './dataset-picker.js';

/** The datasets and their columns. A click inserts a name into the query. */
export function TableBrowser({ onTable, onColumn }) {
  const [folder, setFolder] = useState('');
  const [path, setPath] = useState(null);
  // On a phone, the button that runs the query is below.
  const [hasRoom] = useState(() => matchMedia('(min-width: 48rem)').matches);
  return html`
    <details class="queries no-print" open=${hasRoom}>
      <summary>Tables and their columns</summary>
      <div class="tables-grid">
        <${DatasetBrowser} folder=${folder} onOpen=${setFolder} isChosen=${(other) => other === path} onChoose=${setPath} />
        <div class="panel columns">
          ${path === null ? html`<p class="help entry-empty">Choose a dataset to see its columns.</p>` : html`<${Columns} key=${path} path=${path} onTable=${onTable} onColumn=${onColumn} />`}
        </div>
      </div>
    </details>`;
}

function Columns({ path, onTable, onColumn }) {
  const { data, error, loading, reload } = useLoad((signal) => api.columns(path, signal), [path]);
  return html`
    <div class="browser-head row apart">
      <code><${UserText} text=${path} /></code>
      <button type="button" class="button" aria-label=${`Insert ${oneLine(path)}`} onClick=${() => onTable(quotedName(path))}>Insert the name</button>
    </div>
    ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
    ${data === null && loading && html`<${Skeleton} lines=${3} />`}
    ${data !== null &&
    html`
      <ul class="entries" aria-label=${plural(data.columns.length, 'column')}>
        ${data.columns.map(
          ({ name, type }) => html`
            <li key=${name}>
              <button type="button" class="entry" aria-label=${`Insert ${oneLine(name)}, ${type}`} onClick=${() => onColumn(columnName(name))}>
                <span class="entry-name"><${UserText} text=${name} /></span>
                <code class="muted entry-type"><${UserText} text=${type} /></code>
              </button>
            </li>`,
        )}
      </ul>`}`;
}
