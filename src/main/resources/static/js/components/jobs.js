import { html } from 'htm/preact';
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { useShortcuts, useStore } from '../hooks.js';
import { count, plural } from '../lib/format.js';
import { STATUSES, isWaiting, statusLabel } from '../lib/job-status.js';
import { href, pageOf } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { PAGE_SIZE, closeList, openList, refreshList, showPendingJobs } from '../state/job-list.js';
import { loadJobTypes } from '../state/jobs.js';
import { replaceRoute } from '../state/navigation.js';
import { canSubmit, seenSubmitters, seesOnlyOwn } from '../state/session.js';
import { state } from '../state/store.js';
import { ErrorNote, Icon, SampleButton, Skeleton } from './common.js';
import { JobRow } from './job-row.js';
import { SearchBox } from './search-box.js';
import { WaitReason } from './wait-reason.js';

const COLUMNS = ['Name', 'Type', 'Status', 'Progress', 'Duration', 'Submitted by', 'Started'];

/** The list of jobs. */
export default function Jobs() {
  const query = useStore((s) => s.route.query);
  const list = useStore((s) => s.list);
  const [selected, setSelected] = useState([]);
  useEffect(() => {
    loadJobTypes();
    return closeList;
  }, []);
  // A layout effect: drawing the list takes longer than the server's response.
  useLayoutEffect(() => openList(query), [query.status, query.q, query.page]);
  useShortcuts(moveFocus);
  // At most two are selected. A third replaces the first, which is possible only if one of them is not in the list.
  const select = useCallback(
    (id, isSelected) => setSelected((before) => (isSelected ? [...before.slice(-1), id] : before.filter((other) => other !== id))),
    [],
  );
  const ids = list?.ids ?? null;
  const someWait = useStore(someJobWaits);
  const selectionFull = selected.length === 2 && selected.every((id) => ids?.includes(id));
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Jobs</h1>
      <div class="row">
        <${CompareButton} selected=${selected} />
        <a class="button primary" href=${href('new')}>New job</a>
      </div>
    </div>
    <div class="stack">
      <div class="filters no-print">
        <${SearchBox}
          label="Search jobs"
          placeholder="Search name, id or dataset"
          q=${query.q ?? ''}
          onSearch=${(q) => narrow({ q })}
        />
        <${StatusFilter} query=${query} counts=${list?.counts ?? null} />
      </div>
      ${someWait && html`<${WaitReason} who="Jobs wait" />`}
      ${list?.error && html`<${ErrorNote} error=${list.error} retry=${refreshList} />`}
      ${ids === null && !list?.error && html`<${Skeleton} lines=${9} />`}
      ${ids !== null && ids.length === 0 && !list.isLoading && html`<${Empty} list=${list} query=${query} />`}
      ${ids !== null &&
      ids.length > 0 &&
      html`
        <${NewJobs} pending=${list.pending} firstPageHref=${list.query.offset === 0 ? null : listHref(query, {})} />
        <div class="table-wrap page" aria-busy=${list.isLoading}>
          <table class="cards jobs-table">
            <caption class="visually-hidden">Jobs, newest first</caption>
            <thead>
              <tr>
                <th scope="col"><span class="visually-hidden">Compare</span></th>
                ${COLUMNS.map((column) => html`<th key=${column} scope="col">${column}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${ids.map(
                (id) =>
                  html`<${JobRow} key=${id} id=${id} selected=${selected.includes(id)} selectionFull=${selectionFull} onSelect=${select} />`,
              )}
            </tbody>
          </table>
        </div>
        <${Pages} list=${list} query=${query} />`}
    </div>`;
}

/** Whether a shown job waits, or any that is pending. */
function someJobWaits({ list, jobs }) {
  const waits = (id) => jobs.has(id) && isWaiting(jobs.get(id));
  return list !== null && (list.counts?.PENDING > 0 || list.ids?.some(waits) === true);
}

function listHref(query, changes) {
  return href('jobs', { ...query, page: null, ...changes });
}

/** Changes some filters. The others come from the route, which may be newer than what is drawn. */
function narrow(changes) {
  replaceRoute(listHref(state.route.query, changes));
}

function StatusFilter({ query, counts }) {
  const all = counts === null ? null : Object.values(counts).reduce((sum, n) => sum + Number(n), 0);
  const button = (status, label, number) => html`
    <button
      key=${label}
      type="button"
      class="button filter"
      aria-pressed=${(query.status ?? '') === status}
      onClick=${() => narrow({ status: query.status === status ? '' : status })}
    >
      ${label} <span class="muted">${number === null ? '' : count(number)}</span>
    </button>`;
  // Few jobs ever have this status.
  const shown = STATUSES.filter((s) => s !== 'CANCELLING' || counts?.[s] > 0 || query.status === s);
  return html`
    <div class="row" role="group" aria-label="Status">
      ${button('', 'All', all)} ${shown.map((status) => button(status, statusLabel(status), counts?.[status] ?? null))}
    </div>`;
}

/** Says how many jobs are new, and leads to them; firstPageHref is null on the first page. */
function NewJobs({ pending, firstPageHref }) {
  if (pending === null) {
    return null;
  }
  const text = plural(pending.count, 'new job');
  const show = () => {
    showPendingJobs();
    // The button with the focus is removed.
    document.querySelector('h1')?.focus();
  };
  return html`
    <div class="new-jobs no-print">
      ${firstPageHref === null
        ? html`<button type="button" class="button primary chip" onClick=${show}><${Icon} name="up" />${text}</button>`
        : html`<a class="button primary chip" href=${firstPageHref}><${Icon} name="up" />${text}</a>`}
    </div>`;
}

function CompareButton({ selected }) {
  if (selected.length === 2) {
    const [a, b] = selected;
    return html`<a class="button" href=${href('compare', { a, b })}>Compare</a>`;
  }
  return html`
    <button type="button" class="button" disabled title="Tick two jobs to compare them">Compare</button>`;
}

function Pages({ list, query }) {
  const { offset } = list.query;
  const page = offset / PAGE_SIZE + 1;
  const to = offset + list.ids.length;
  const link = (target, label, icon) => html`
    <a class="button" href=${listHref(query, { page: target === 1 ? null : target })}>
      ${icon === 'left' && html`<${Icon} name="left" />`}${label}${icon === 'right' && html`<${Icon} name="right" />`}
    </a>`;
  return html`
    <nav class="row apart" aria-label="Pages">
      <span class="muted">${count(offset + 1)}–${count(to)} of ${count(list.total)}</span>
      <span class="row">
        ${page > 1 && link(page - 1, 'Newer', 'left')} ${to < list.total && link(page + 1, 'Older', 'right')}
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
  if (query.q || query.status) {
    return html`
      <div class="empty">
        <h2>No job matches</h2>
        <a class="button" href=${href('jobs')}>Clear filters</a>
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

/** j and k move the focus to the next and the previous job. */
function moveFocus(event) {
  if (event.key !== 'j' && event.key !== 'k') {
    return;
  }
  const links = [...document.querySelectorAll('.job-link')];
  const at = links.indexOf(document.activeElement);
  const next = event.key === 'j' ? at + 1 : Math.max(0, at - 1);
  links[Math.min(next, links.length - 1)]?.focus();
}
