import { html } from 'htm/preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { urls } from '../api/api.js';
import { useStore } from '../hooks.js';
import { count, plural } from '../lib/format.js';
import { ORDERS, directionOf, isFiltered, nextSort } from '../lib/job-filters.js';
import { isWaiting } from '../lib/job-status.js';
import { href, pageOf } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { useShortcuts } from '../more-hooks.js';
import { PAGE_SIZE, closeList, isSorted, openList, refreshList, showPendingJobs } from '../state/job-list.js';
import { loadJobTypes } from '../state/job-types.js';
import { listHref, narrow } from '../state/list-route.js';
import { openSelection, select, selectPage } from '../state/selection.js';
import { canSubmit, seenSubmitters, seesOnlyOwn } from '../state/session.js';
import { state } from '../state/store.js';
import { ErrorNote, Icon, SampleButton, Skeleton } from './common.js';
import { JobRows } from './job-row.js';
import { ListFilters } from './list-filters.js';
import { SelectionBar } from './selection-bar.js';
import { copyAs } from './table-copy.js';
import { TableLinks } from './table-links.js';
import { WaitReason } from './wait-reason.js';

/** Each with the value of sort that sorts by it. */
const COLUMNS = [
  ['Name', 'name'],
  ['Type', 'type'],
  ['Status', 'status'],
  ['Progress or cause', null],
  ['Duration', 'duration_ms'],
  ['Submitted by', 'submitted_by'],
  ['Submitted', 'submitted_at'],
];

/** A sorted list has no further pages. */
const MAX_SORTED_OFFSET = 10_000;

/** The list of jobs. */
export default function Jobs() {
  const query = useStore((s) => s.route.query);
  const list = useStore((s) => s.list);
  useEffect(() => {
    loadJobTypes();
    openSelection();
    return closeList;
  }, []);
  // A layout effect: drawing the list takes longer than the server's response.
  useLayoutEffect(() => openList(query), [JSON.stringify(query)]);
  useShortcuts(onKey);
  const ids = useStore((s) => s.list?.ids ?? null);
  const someWait = useStore(someJobWaits);
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Jobs</h1>
      <div class="row">
        <a class="button" href=${href('run-sets')}>Run sets</a>
        <a class="button primary" href=${href('new')}>New job</a>
      </div>
    </div>
    <div class="stack">
      <${ListFilters} query=${query} list=${list} />
      ${someWait && html`<${WaitReason} who="Jobs wait" />`}
      ${list?.error && html`<${ErrorNote} error=${list.error} retry=${refreshList} />`}
      ${ids === null && !list?.error && html`<${Skeleton} lines=${9} />`}
      ${ids !== null && ids.length === 0 && !list.isLoading && html`<${Empty} list=${list} query=${query} />`}
      ${ids !== null &&
      ids.length > 0 &&
      html`
        <${NewJobs} list=${list} query=${query} />
        <div class="table-wrap page" aria-busy=${list.isLoading}>
          <table class="cards jobs-table">
            <caption class="visually-hidden">Jobs, ${ORDERS[query.sort ?? ''] ?? query.sort}</caption>
            <${Head} ids=${ids} sort=${query.sort} />
            <tbody><${JobRows} ids=${ids} /></tbody>
          </table>
        </div>
        <${Pages} list=${list} query=${query} />
        <${TableLinks} href=${urls.list('jobs', list.query)} all=${urls.list('jobs', { ...list.query, limit: undefined, offset: undefined })} total=${list.total} />`}
      <${SelectionBar} />
    </div>`;
}

function Head({ ids, sort }) {
  const selected = useStore((s) => ids.filter((id) => s.selection.includes(id)).length);
  const isPart = selected > 0 && selected < ids.length;
  return html`
    <thead>
      <tr>
        <th scope="col" class="select-cell">
          <input
            type="checkbox"
            aria-label="Select all on this page"
            checked=${selected > 0 && !isPart}
            indeterminate=${isPart}
            onChange=${(e) => selectPage(e.currentTarget.checked)}
          />
        </th>
        ${COLUMNS.map(([title, column]) => html`<${Column} key=${title} title=${title} column=${column} sort=${sort} />`)}
      </tr>
    </thead>`;
}

function Column({ title, column, sort }) {
  if (column === null) {
    return html`<th scope="col">${title}</th>`;
  }
  const direction = directionOf(column, sort || undefined);
  return html`
    <th scope="col" ref=${(cell) => cell && copyAs(cell, title)} aria-sort=${direction ?? 'none'}>
      <button type="button" class="sort-button" onClick=${() => narrow({ sort: nextSort(column, state.route.query.sort) })}>
        ${title}${direction !== null && html`<${Icon} name=${direction === 'ascending' ? 'up' : 'down'} />`}
      </button>
    </th>`;
}

/** Whether a shown job waits, or any that is pending. */
function someJobWaits({ list, jobs }) {
  const waits = (id) => jobs.has(id) && isWaiting(jobs.get(id));
  return list !== null && (list.counts?.PENDING > 0 || list.ids?.some(waits) === true);
}

/** Says how many jobs are new, or that the list has changed, and leads to what it is now. */
function NewJobs({ list, query }) {
  if (list.pending === null) {
    return null;
  }
  const { count: added } = list.pending;
  const text = added > 0 ? plural(added, 'new job') : 'List changed';
  const show = () => {
    showPendingJobs();
    // The button with the focus is removed.
    document.querySelector('h1')?.focus();
  };
  const isElsewhere = list.query.offset > 0 && !isSorted(list);
  return html`
    <div class="new-jobs no-print">
      ${isElsewhere
        ? html`<a class="button primary chip" href=${listHref(query, {})}><${Icon} name="up" />${text}</a>`
        : html`<button type="button" class="button primary chip" onClick=${show}><${Icon} name="up" />${text}</button>`}
    </div>`;
}

function Pages({ list, query }) {
  const { offset } = list.query;
  const page = offset / PAGE_SIZE + 1;
  const to = offset + list.ids.length;
  const [before, after] = isSorted(list) ? ['Previous', 'Next'] : ['Newer', 'Older'];
  const hasMore = to < list.total && !(isSorted(list) && to > MAX_SORTED_OFFSET);
  const link = (target, label, icon) => html`
    <a class="button" href=${listHref(query, { page: target === 1 ? null : target })}>
      ${icon === 'left' && html`<${Icon} name="left" />`}${label}${icon === 'right' && html`<${Icon} name="right" />`}
    </a>`;
  return html`
    <nav class="row apart" aria-label="Pages">
      <span class="muted">${count(offset + 1)}–${count(to)} of ${count(list.total)}</span>
      <span class="row">
        ${page > 1 && link(page - 1, before, 'left')} ${hasMore && link(page + 1, after, 'right')}
      </span>
    </nav>`;
}

function Empty({ list, query }) {
  const maySubmit = useStore(canSubmit);
  const seen = useStore(seenSubmitters);
  const isOwn = useStore(seesOnlyOwn);
  const pages = Math.ceil(Number(list.total) / PAGE_SIZE);
  if (list.query.offset > 0 && pages > 0) {
    return html`
      <div class="empty">
        <h2>There is no page ${count(pageOf(query))}</h2>
        <p>The list has ${plural(pages, 'page')}.</p>
        <a class="button" href=${listHref(query, { page: pages === 1 ? null : pages })}>Last page</a>
      </div>`;
  }
  if (isFiltered(query)) {
    return html`
      <div class="empty">
        <h2>No job matches</h2>
        ${query.q && html`<p>The search looks in names, ids, datasets, queries, notes and causes of failure.</p>`}
        <a class="button" href=${href('jobs', { sort: query.sort })}>Clear filters</a>
      </div>`;
  }
  return html`
    <div class="empty">
      <h2>No jobs yet</h2>
      <p>${whoseJobs(seen, isOwn)} appear here.</p>
      ${maySubmit && html`<${SampleButton} />`}
    </div>`;
}

function whoseJobs(seen, isOwn) {
  if (isOwn) {
    return 'Jobs that you submit, from this page or by scripts,';
  }
  return seen === null ? 'Jobs submitted from this page or by scripts' : `Jobs of ${oneLine(seen.join(', '))}`;
}

/** j and k move the focus to the next and the previous job; x selects it, X also those between it and the one before. */
function onKey(event) {
  const links = [...document.querySelectorAll('.job-link')];
  const at = links.indexOf(document.activeElement);
  if (event.key === 'j' || event.key === 'k') {
    const next = event.key === 'j' ? at + 1 : Math.max(0, at - 1);
    links[Math.min(next, links.length - 1)]?.focus();
  } else if (event.key.toLowerCase() === 'x' && at >= 0) {
    const { id } = links[at].closest('tr').dataset;
    select(id, !state.selection.includes(id), event.shiftKey);
  }
}
