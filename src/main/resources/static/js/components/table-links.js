import { html } from 'htm/preact';
import { count } from '../lib/format.js';

/** Of a list as CSV; ListDownloads has the same number. */
const MAX_CSV_LINES = 100_000;

/**
 * Links to what a table shows as files that need no page: href is the URL of its JSON, all that of the whole list if the
 * table is a page of it, which has total items.
 */
export function TableLinks({ href, all = href, total = 0 }) {
  const csv = `${all}${all.includes('?') ? '&' : '?'}format=csv&safe=1&bom=1`;
  const what = total > MAX_CSV_LINES ? `The first ${count(MAX_CSV_LINES)} of ${count(total)} as CSV` : 'As CSV';
  return html`<p class="table-links no-print"><a href=${csv} download>${what}</a> <a href=${href}>As JSON</a></p>`;
}
