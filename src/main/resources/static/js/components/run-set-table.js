import { html } from 'htm/preact';
import { withoutApiTerms } from '../api/messages.js';
import { useStore } from '../hooks.js';
import { count, plural } from '../lib/format.js';
import { STATUSES, hasEnded } from '../lib/job-status.js';
import { GONE, countsOf, nextSort, rowName, rowStatus } from '../lib/run-set.js';
import { href, jobHref } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { announce, state } from '../state/store.js';
import { Icon, UserText } from './common.js';
import { WorkTime } from './job-row.js';
import { StatusBadge } from './job-status.js';
import { ExpandableText, ShortenedName } from './long-text.js';
import { memo } from './memo.js';
import { SearchBox } from './search-box.js';

/** Longer names of folders are shortened in the heading. */
const MAX_FOLDER = 40;

/**
 * The jobs of a run set, a row for each.
 *
 * @param {{rows: Object[], shown: Object[], columns: Object[], query: Object, onChange: (changes: Object) => void}} props
 *     query is that of the route: sort, status and q say what is shown, a and b which jobs are ticked; columns and onChange
 *     stay the same while nothing else is loaded, so that unchanged rows are not drawn again
 */
export function RunSetTable({ rows, shown, columns, query, onChange }) {
  const { sort = '' } = query;
  const isDescending = sort.startsWith('-');
  const sortedBy = sort.replace(/^-/, '');
  const isFailing = rows.some((row) => row.error);
  const ticked = tickedIn(query);
  // A third takes the place of the first, which is possible only if one of them is not shown.
  const isFull = ticked.length === 2 && ticked.every((id) => shown.some((row) => row.job_id === id));
  const sortBy = (next) => {
    onChange({ sort: next });
    const column = columns.find(({ key }) => key === next.replace(/^-/, ''));
    announce(column === undefined ? 'In the order of the set' : `Sorted by ${column.title}, ${next.startsWith('-') ? 'descending' : 'ascending'}`);
  };
  return html`
    <section class="stack" aria-label="Jobs of the run set">
      <div class="filters no-print">
        <${SearchBox} label="Search jobs of the set" placeholder="Search parameters, id or error" q=${query.q ?? ''} onSearch=${(q) => onChange({ q })} />
        <${StatusFilter} rows=${rows} status=${query.status ?? ''} onChange=${onChange} />
        <${SortChoice} columns=${columns} sort=${sort} onSort=${sortBy} />
        ${ticked.length === 2
          ? html`<a class="button" href=${href('compare', { a: ticked[0], b: ticked[1] })}>Compare</a>`
          : html`<button type="button" class="button" disabled title="Tick two jobs to compare them">Compare</button>`}
      </div>
      ${shown.length === 0
        ? html`<p class="note">No job matches.</p>`
        : html`
            <div class="table-wrap scroll run-set-overview" tabindex="0" role="region" aria-label="Overview">
              <table class="cards run-set-table">
                <caption class="visually-hidden">Overview of the run set, a row for each job</caption>
                <thead>
                  <tr>
                    <th scope="col"><span class="visually-hidden">Compare</span></th>
                    ${columns.map(
                      ({ key, title, folder, isNumber }) => html`
                        <th key=${key} scope="col" class=${isNumber ? 'number' : ''} aria-sort=${key === sortedBy ? (isDescending ? 'descending' : 'ascending') : undefined}>
                          <span class="heading">
                            <button type="button" class="sort" onClick=${() => sortBy(nextSort(sort, key))}>
                              ${title}${folder && html` <span class="unit">in <${UserText} text=${truncate(folder, MAX_FOLDER)} /></span>`}${key === sortedBy && html`<span class="direction"><${Icon} name=${isDescending ? 'down' : 'up'} /></span>`}
                            </button>
                          </span>
                        </th>`,
                    )}
                    ${isFailing && html`<th scope="col">Cause of failure</th>`}
                  </tr>
                </thead>
                <tbody>
                  ${shown.map(
                    (row) =>
                      html`<${Row} key=${row.job_id} row=${row} columns=${columns} isFailing=${isFailing} isTicked=${ticked.includes(row.job_id)} isFull=${isFull} onChange=${onChange} />`,
                  )}
                </tbody>
              </table>
            </div>`}
      ${shown.length < rows.length && html`<p class="help" role="status">${count(shown.length)} of ${plural(rows.length, 'job')}</p>`}
    </section>`;
}

function StatusFilter({ rows, status, onChange }) {
  const counts = countsOf(rows);
  const shown = [...STATUSES, GONE].filter((name) => counts[name] > 0 || name === status);
  const button = (name, label, number) => html`
    <button key=${label} type="button" class="button filter" aria-pressed=${status === name} onClick=${() => onChange({ status: status === name ? '' : name })}>
      ${label} <span class="muted">${count(number)}</span>
    </button>`;
  return html`
    <div class="row" role="group" aria-label="Status">
      ${button('', 'All', rows.length)} ${shown.map((name) => button(name, rowStatus({ status: name }), counts[name] ?? 0))}
    </div>`;
}

/** On a phone, where the table has no headings to press. */
function SortChoice({ columns, sort, onSort }) {
  return html`
    <label class="row sort-choice">Sort by
      <select class="select" value=${sort} onChange=${(e) => onSort(e.currentTarget.value)}>
        <option value="">Order of the set</option>
        ${columns.map(
          ({ key, title }) => html`
            <option key=${key} value=${key}>${title}, ascending</option>
            <option key=${`-${key}`} value=${`-${key}`}>${title}, descending</option>`,
        )}
      </select>
    </label>`;
}

function tickedIn({ a, b }) {
  return [a, b].filter(Boolean);
}

/** One job; redrawn only if something of it changes. */
const Row = memo(RowOf);

function RowOf({ row, columns, isFailing, isTicked, isFull, onChange }) {
  const tick = (event) => {
    const ticked = tickedIn(state.route.query);
    const [a, b] = event.currentTarget.checked ? [...ticked.slice(-1), row.job_id] : ticked.filter((other) => other !== row.job_id);
    onChange({ a, b });
  };
  const [first, ...others] = columns;
  const isGone = row.status === GONE;
  const name = rowName(row, columns);
  const text = first.key.startsWith('params.') ? first.text(row) : name;
  const rest = first.key.startsWith('params.') ? others : columns;
  return html`
    <tr>
      <td class="select-cell">
        ${!isGone &&
        html`<input type="checkbox" aria-label=${`Compare ${oneLine(name)}`} checked=${isTicked} disabled=${isFull && !isTicked} onChange=${tick} />`}
      </td>
      <th scope="row" class=${first.isNumber ? 'number' : ''}>
        ${isGone ? html`<${UserText} text=${text} />` : html`<a class="job-link" href=${jobHref(row.job_id)} aria-label=${oneLine(name)}><${ShortenedName} text=${text} /></a>`}
      </th>
      ${rest.map(
        (column) => html`
          <td key=${column.key} data-label=${column.title} class=${column.isNumber ? 'number' : ''}><${Value} row=${row} column=${column} /></td>`,
      )}
      ${isFailing && html`<td data-label="Cause of failure" class="failure-cause">${row.error && html`<${ExpandableText} text=${withoutApiTerms(row.error.message) || 'The job failed'} />`}</td>`}
    </tr>`;
}

function Value({ row, column }) {
  if (column.key === 'status') {
    return row.status === GONE ? html`<span class="status">Gone</span>` : html`<${StatusBadge} status=${row.status} />`;
  }
  if (column.key === 'duration_ms' && !hasEnded(row)) {
    return html`<${RunningTime} id=${row.job_id} />`;
  }
  const text = column.text(row);
  return column.key.startsWith('params.') ? html`<${ExpandableText} text=${text} max=${60} />` : text;
}

function RunningTime({ id }) {
  const job = useStore((s) => s.jobs.get(id));
  return job === undefined ? '–' : html`<${WorkTime} job=${job} />`;
}
