import { html } from 'htm/preact';
import { base64Size, cellText, exactText, isNumeric } from '../lib/cell.js';
import { bytes, count } from '../lib/format.js';
import { BreakableNumber, ExpandableText } from './long-text.js';
import { copyAs } from './table-copy.js';

/** Tables with at most so many columns always fit; wider ones scroll. */
const FEW_COLUMNS = 2;

/** In characters of base64. */
const MAX_BINARY = 24;

/** Some rows of a result. */
export function ResultTable({ page, rowNumber, caption, loading }) {
  const { columns, rows, offset } = page;
  return html`
    <div class="table-wrap scroll" tabindex="0" role="region" aria-label="Result table" aria-busy=${loading}>
      <table class=${columns.length <= FEW_COLUMNS ? 'result-table few' : 'result-table'}>
        <caption class="visually-hidden">${caption}</caption>
        <thead>
          <tr>
            <th scope="col" class="number rank">${rowNumber}</th>
            ${columns.map((column, n) => html`<th key=${n} scope="col" class=${isNumeric(column) ? 'number' : ''}><${Heading} column=${column} /></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row, r) => html`
              <tr key=${offset + r}>
                <td class="number rank muted">${count(page.row_numbers?.[r] ?? offset + r + 1)}</td>
                ${row.map(
                  (value, n) => html`
                    <td key=${n} class=${isNumeric(columns[n]) ? 'number' : ''} ref=${(cell) => cell && copyAs(cell, exactText(value, columns[n]))}>
                      <${Cell} value=${value} column=${columns[n]} />
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function Heading({ column }) {
  return html`<${ExpandableText} text=${column.name} />${column.type === 'timestamp' && html` <span class="unit">UTC</span>`}`;
}

/** One value of a result, or of a comparison. */
export function Cell({ value, column }) {
  if (value === null) {
    return html`<span class="null">null</span>`;
  }
  const text = cellText(value, column);
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
