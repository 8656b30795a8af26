import { html } from 'htm/preact';
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { count, plural } from '../format.js';
import { PAGE, closeList, openList, refresh, showWaiting } from '../job-list.js';
import { href, pageOf } from '../router.js';
import { STATUSES, word } from '../status.js';
import { loadJobTypes, maySend, replaceRoute, state, useStore } from '../store.js';
import { ErrorNote, Icon, Skeleton } from './common.js';
import { JobRow } from './job-row.js';
import { isTyping } from './keys.js';
import { SampleButton } from './sample-button.js';
import { SearchBox } from './search-box.js';

const COLUMNS = ['Name', 'Type', 'Status', 'Progress', 'Duration', 'Submitted by', 'Started'];

/** All jobs: found, filtered, paged, and live in place. */
export default function Jobs() {
  const query = useStore((s) => s.route.query);
  const list = useStore((s) => s.list);
  const [ticked, setTicked] = useState([]);
  useEffect(() => {
    loadJobTypes();
    return closeList;
  }, []);
  // Before the browser draws, which takes longer than the server's answer.
  useLayoutEffect(() => openList(query), [query.status, query.q, query.page]);
  useRowKeys();
  // Of two that are ticked, the first goes when a third comes, which is possible only where one is out of sight.
  const tick = useCallback(
    (id, on) => setTicked((before) => (on ? [...before.slice(-1), id] : before.filter((other) => other !== id))),
    [],
  );
  const ids = list?.ids ?? null;
  const full = ticked.length === 2 && ticked.every((id) => ids?.includes(id));
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Jobs</h1>
      <div class="row">
        <${CompareButton} ticked=${ticked} />
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
      ${list?.error && html`<${ErrorNote} error=${list.error} retry=${refresh} />`}
      ${ids === null && !list?.error && html`<${Skeleton} lines=${9} />`}
      ${ids !== null && ids.length === 0 && !list.isOld && html`<${Empty} list=${list} query=${query} />`}
      ${ids !== null &&
      ids.length > 0 &&
      html`
        <${Waiting} waiting=${list.waiting} first=${list.wanted.offset === 0 ? null : listHref(query, {})} />
        <div class="table-wrap page" aria-busy=${list.isOld}>
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
                  html`<${JobRow} key=${id} id=${id} ticked=${ticked.includes(id)} full=${full} onTick=${tick} />`,
              )}
            </tbody>
          </table>
        </div>
        <${Pages} list=${list} query=${query} />`}
    </div>`;
}

function listHref(query, changes) {
  return href('jobs', { ...query, page: null, ...changes });
}

/** Changes one filter and leaves the others as they are now, which may be later than what was drawn. */
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
      ${label} <span class="quiet">${number === null ? '' : count(number)}</span>
    </button>`;
  // A job is cancelling for a moment only.
  const shown = STATUSES.filter((s) => s !== 'CANCELLING' || counts?.[s] > 0 || query.status === s);
  return html`
    <div class="row" role="group" aria-label="Status">
      ${button('', 'All', all)} ${shown.map((status) => button(status, word(status), counts?.[status] ?? null))}
    </div>`;
}

/** first is the link to the first page, null where it is the one that is open. */
function Waiting({ waiting, first }) {
  if (waiting === null) {
    return null;
  }
  const text = plural(waiting.count, 'new job');
  const show = () => {
    showWaiting();
    // The button goes, and the focus would go with it.
    document.querySelector('h1')?.focus();
  };
  return html`
    <div class="waiting no-print">
      ${first === null
        ? html`<button type="button" class="button primary chip" onClick=${show}><${Icon} name="up" />${text}</button>`
        : html`<a class="button primary chip" href=${first}><${Icon} name="up" />${text}</a>`}
    </div>`;
}

function CompareButton({ ticked }) {
  if (ticked.length === 2) {
    const [a, b] = ticked;
    return html`<a class="button" href=${href('compare', { a, b })}>Compare</a>`;
  }
  return html`
    <button type="button" class="button" disabled title="Tick two jobs to compare them">Compare</button>`;
}

function Pages({ list, query }) {
  const { offset } = list.wanted;
  const page = offset / PAGE + 1;
  const to = offset + list.ids.length;
  const link = (target, label, icon) => html`
    <a class="button" href=${listHref(query, { page: target === 1 ? null : target })}>
      ${icon === 'left' && html`<${Icon} name="left" />`}${label}${icon === 'right' && html`<${Icon} name="right" />`}
    </a>`;
  return html`
    <nav class="row apart" aria-label="Pages">
      <span class="quiet">${count(offset + 1)}–${count(to)} of ${count(list.total)}</span>
      <span class="row">
        ${page > 1 && link(page - 1, 'Newer', 'left')} ${to < list.total && link(page + 1, 'Older', 'right')}
      </span>
    </nav>`;
}

function Empty({ list, query }) {
  const may = useStore(maySend);
  const pages = Math.ceil(Number(list.total) / PAGE);
  if (list.wanted.offset > 0 && pages > 0) {
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
      <p>Every job that is sent, from this page or by a script, stands here from then on.</p>
      ${may && html`<${SampleButton} />`}
    </div>`;
}

/** j and k move the focus from job to job; Enter is the link's own. */
function useRowKeys() {
  useEffect(() => {
    const onKey = (event) => {
      if (isTyping(event) || (event.key !== 'j' && event.key !== 'k')) {
        return;
      }
      const links = [...document.querySelectorAll('.job-link')];
      const at = links.indexOf(document.activeElement);
      const next = event.key === 'j' ? at + 1 : Math.max(0, at - 1);
      links[Math.min(next, links.length - 1)]?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
