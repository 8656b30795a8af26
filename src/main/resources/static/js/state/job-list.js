// The open page of the job list. The server filters, searches, sorts and pages. Changes of shown jobs appear at once;
// what would move rows waits until the reader asks for it, unless the reader is at the top of the newest jobs and has
// selected none.

import { Loader, api } from '../api/api.js';
import { plural } from '../lib/format.js';
import { apiQuery } from '../lib/job-filters.js';
import { pageOf, search } from '../lib/router.js';
import { updateJobs } from './jobs.js';
import { announce, onLiveEvent, set, state } from './store.js';

export const PAGE_SIZE = 50;

/** Scrolled down this far, in pixels, the reader is reading. */
const READING_OFFSET = 120;
/** The list is refreshed at most this often. */
const REFRESH_MS = 1_000;
/** How long rows of another query stay while the new ones are loaded. */
const STALE_MS = 1_000;

/**
 * state.list:
 * - query: the request, see api.jobs
 * - ids: the shown jobs, or null; total: how many match; counts: all jobs by status
 * - isLoading: whether the first response is outstanding; isStale: whether the rows belong to another query
 * - pending: {ids, total, count}: other rows that the reader has not asked for yet, count of them with new jobs; or null
 * - error
 */
const EMPTY = { ids: null, total: 0, counts: null };

let loader = null;
let stopListening = null;
let refreshTimer;
let staleTimer;
let requestedAt = 0;

/** The API's query for a route's query, without the page. */
export function listQuery(routeQuery) {
  return apiQuery(routeQuery, state.session?.user);
}

/** Opens the list for a route's query, see job-filters.js. */
export function openList(routeQuery) {
  // Today is another day tomorrow.
  const queryNow = () => ({ ...listQuery(routeQuery), limit: PAGE_SIZE, offset: (pageOf(routeQuery) - 1) * PAGE_SIZE });
  const query = queryNow();
  stopListening ??= onLiveEvent((type) => type !== 'progress' && type !== 'log' && refreshSoon());
  const { list } = state;
  const isStale = list !== null && (list.isStale || search(list.query) !== search(query));
  set({ list: { ...EMPTY, ...list, query, error: null, pending: null, isLoading: true, isStale } });
  loader?.stop();
  loader = new Loader(async (signal) => [Date.now(), await api.jobs(queryNow(), signal)], { onData: show, onError: fail });
  clearTimeout(staleTimer);
  staleTimer = setTimeout(dropStaleRows, STALE_MS);
  refreshList();
}

export function closeList() {
  loader?.stop();
  stopListening?.();
  stopListening = null;
  clearTimeout(staleTimer);
  clearTimeout(refreshTimer);
  refreshTimer = undefined;
}

/** Whether the rows are in another order than that of acceptance, in which a change of any job may move rows. */
export const isSorted = (list) => Boolean(list.query.sort);

/** Shows the pending rows, at the top of the list. */
export function showPendingJobs() {
  const { list } = state;
  scrollTo(0, 0);
  set({ list: { ...list, ids: list.pending.ids, total: list.pending.total, pending: null } });
}

/** Loads the list and shows it, also if that moves rows: the reader has asked for it. */
export function reloadList() {
  if (state.route.view === 'jobs') {
    openList(state.route.query);
  }
}

export function refreshList() {
  clearTimeout(refreshTimer);
  refreshTimer = undefined;
  requestedAt = Date.now();
  loader.load();
}

function refreshSoon() {
  refreshTimer ??= setTimeout(refreshList, Math.max(100, requestedAt + REFRESH_MS - Date.now()));
}

function fail(error) {
  set({ list: { ...state.list, error } });
  dropStaleRows();
}

function dropStaleRows() {
  const { list } = state;
  if (list.isStale) {
    set({ list: { ...list, ids: null } });
  }
}

function show([sentAt, { jobs, total, counts }]) {
  updateJobs(jobs, sentAt);
  const { list } = state;
  const ids = jobs.map((job) => job.job_id);
  const current = { ...list, counts, error: null, isLoading: false, isStale: false };
  if (list.isStale) {
    announce(`${plural(total, 'job')} found`);
  }
  const isHeld = scrollY > READING_OFFSET || list.query.offset > 0 || isSorted(list) || state.selection.length > 0;
  if (list.isLoading || list.ids === null || !isHeld) {
    set({ list: { ...current, ids, total, pending: null } });
    return;
  }
  const shown = new Set(list.ids);
  // New jobs are on the first page: there they are counted by id, elsewhere by the growth of the total.
  const seen = list.query.offset === 0 && !isSorted(list) ? ids.filter((id) => !shown.has(id)).length : 0;
  const added = Math.max(0, seen, Number(total) - Number(list.total));
  const isChanged = added > 0 || (isSorted(list) && ids.join() !== list.ids.join());
  set({ list: { ...current, pending: isChanged ? { ids, total, count: added } : null } });
}
