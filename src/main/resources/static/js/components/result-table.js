import { html } from 'htm/preact';
import { base64Size, cellText, exactText, isNumeric } from '../lib/cell.js';
import { bytes, count } from '../lib/format.js';
import { oneLine } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { Icon, UserText } from './common.js';
import { BreakableNumber, ExpandableText } from './long-text.js';
import { copyAs } from './table-copy.js';

/** Tables with at most so many columns always fit; wider ones scroll. */
const FEW_COLUMNS = 2;

/** Longer words lead nowhere. */
const MAX_WORD = 200;

/** In characters of base64. */
const MAX_BINARY = 24;

/** Longer names of columns are shortened; their title has the whole. */
const MAX_NAME = 60;

/** Some rows of a result. The headings of its columns sort and filter it. */
export function ResultTable({ page, display, onWord, caption, loading, sorts, onSort, onFilter }) {
  const { columns, rows, offset } = page;
  const places = placesOf(display.in_context);
  const classOf = (column) => places[column.name] ?? (isNumeric(column) ? 'number' : '');
  const linked = onWord === null ? null : display.words.word;
  const cell = (value, column) => {
    if (column.name === linked) {
      return html`<${Word} word=${value} onWord=${onWord} />`;
    }
    // Nothing is before the first word of a line.
    return (value !== '' || places[column.name] === undefined) && html`<${Cell} value=${value} column=${column} />`;
  };
  return html`
    <div class="table-wrap scroll" tabindex="0" role="region" aria-label="Result table" aria-busy=${loading}>
      <table class=${columns.length <= FEW_COLUMNS ? 'result-table few' : 'result-table'}>
        <caption class="visually-hidden">${caption}</caption>
        <thead>
          <tr>
            <th scope="col" class="number rank">${display.row_number}</th>
            ${columns.map((column, n) => html`<${Heading} key=${n} column=${column} class=${classOf(column)} sorts=${sorts} onSort=${onSort} onFilter=${onFilter} />`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row, r) => html`
              <tr key=${offset + r}>
                <td class="number rank muted">${count(page.row_numbers?.[r] ?? offset + r + 1)}</td>
                ${row.map(
                  (value, n) => html`
                    <td key=${n} class=${classOf(columns[n])} ref=${(cell) => cell && copyAs(cell, exactText(value, columns[n]))}>
                      ${cell(value, columns[n])}
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** The classes of the columns of a word with the text around it. */
function placesOf(inContext) {
  return inContext ? { [inContext.left]: 'context-left', [inContext.word]: 'context-word', [inContext.right]: 'context-right' } : {};
}

/** A word that leads to its lines. */
function Word({ word, onWord }) {
  if (word === null || word.length > MAX_WORD) {
    return html`<${Cell} value=${word} column=${{ type: 'string' }} />`;
  }
  return html`<button type="button" class="link-button word" title="Show it in its lines" onClick=${() => onWord(word)}><${UserText} text=${word} /></button>`;
}

/** Types whose names say too little. */
const TYPE_NAMES = { timestamp: 'timestamp, UTC', timestamp_ntz: 'timestamp without a zone' };

function Heading({ column, class: className, sorts, onSort, onFilter }) {
  const at = sorts.findIndex((sort) => sort.column === column.name);
  const direction = at < 0 ? null : sorts[at].descending ? 'descending' : 'ascending';
  const name = oneLine(column.name);
  return html`
    <th scope="col" class=${className} ref=${(cell) => cell && copyAs(cell, column.name)} aria-sort=${at === 0 ? direction : undefined}>
      <span class="heading">
        <button type="button" class="sort" title=${name} onClick=${(event) => onSort(column.name, event.shiftKey)}>
          <${UserText} text=${truncate(column.name, MAX_NAME)} />
          ${direction && html`<span class="direction"><${Icon} name=${direction === 'ascending' ? 'up' : 'down'} />${sorts.length > 1 && at + 1}</span>`}
          ${at > 0 && html`<span class="visually-hidden">, then ${direction}</span>`}
        </button>
        <button type="button" class="filter-column" aria-label=${`Filter ${name}`} title="Filter" onClick=${() => onFilter(column.name)}><${Icon} name="filter" /></button>
      </span>${' '}
      <span class="unit">${TYPE_NAMES[column.type] ?? column.type}</span>
    </th>`;
}

/** One value of a result, or of a comparison. */
export function Cell({ value, column }) {
  if (value === null) {
    return html`<span class="null">null</span>`;
  }
  const text = cellText(value, column);
  if (text === '') {
    return html`<span class="null" title="Empty text">""</span>`;
  }
  if (isNumeric(column)) {
    return html`<${BreakableNumber} text=${text} />`;
  }
  if (column.type === 'binary') {
    return html`<code><${ExpandableText} text=${text} max=${MAX_BINARY} /></code> <span class="unit">${bytes(base64Size(text))}</span>`;
  }
  if (column.type === 'json') {
    return html`<code><${ExpandableText} text=${text} full=${JSON.stringify(value, null, 2)} /></code>`;
  }
  return html`<${ExpandableText} text=${text} />`;
}
