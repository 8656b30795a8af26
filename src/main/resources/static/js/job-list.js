// The page of jobs that the list shows. The server filters, searches and pages; what happens to a job that is shown is
// seen in place, and what would move the rows under the reader's eyes waits until it is asked for.

import { plural } from './format.js';
import { Loader } from './loader.js';
import { pageOf, search } from './router.js';
import { announce, ask, onLiveEvent, set, state } from './store.js';

export const PAGE = 50;

/** So many pixels down, the reader is reading. */
const SCROLLED = 120;
const REFRESH_MS = 1_000;
const LATE_MS = 1_000;

let loader = null;
let stopListening = null;
let timer;
let lateTimer;
let askedAt = 0;

/**
 * Shows the list for a route's query.
 *
 * @param {{status?: string, q?: string, page?: string}} query
 */
export function openList(query) {
  const page = pageOf(query);
  const wanted = { status: query.status, q: query.q, limit: PAGE, offset: (page - 1) * PAGE };
  stopListening ??= onLiveEvent((type) => type !== 'progress' && type !== 'log' && refreshSoon());
  const { list } = state;
  const isOther = list !== undefined && (list.isOther || search(list.wanted) !== search(wanted));
  set({ list: { ids: null, total: 0, counts: null, ...list, wanted, error: null, waiting: null, isOld: true, isOther } });
  loader?.stop();
  loader = new Loader((signal) => ask.jobs(wanted, signal), { onData: take, onError: failed });
  clearTimeout(lateTimer);
  lateTimer = setTimeout(dropOther, LATE_MS);
  refresh();
}

/** Nobody looks at the list any more. */
export function closeList() {
  loader?.stop();
  stopListening?.();
  stopListening = null;
  clearTimeout(lateTimer);
  clearTimeout(timer);
  timer = undefined;
}

/** Shows what was waiting. */
export function showWaiting() {
  const { list } = state;
  if (list.wanted.offset > 0) {
    return;
  }
  scrollTo(0, 0);
  set({ list: { ...list, ids: list.waiting.ids, total: list.waiting.total, waiting: null } });
}

function refreshSoon() {
  if (timer === undefined) {
    timer = setTimeout(refresh, Math.max(100, askedAt + REFRESH_MS - Date.now()));
  }
}

export function refresh() {
  clearTimeout(timer);
  timer = undefined;
  askedAt = Date.now();
  loader.load();
}

function failed(error) {
  set({ list: { ...state.list, error } });
  dropOther();
}

/** What is shown stays, but not for long under a query that it does not answer. */
function dropOther() {
  const { list } = state;
  if (list.isOther) {
    set({ list: { ...list, ids: null } });
  }
}

function take({ jobs, total, counts }) {
  const { list } = state;
  const ids = jobs.map((job) => job.job_id);
  const shown = { ...list, counts, error: null, isOld: false, isOther: false };
  if (list.isOther) {
    announce(`${plural(total, 'job')} found`);
  }
  const reading = scrollY > SCROLLED || list.wanted.offset > 0;
  if (list.isOld || list.ids === null || !reading) {
    set({ list: { ...shown, ids, total, waiting: null } });
    return;
  }
  const known = new Set(list.ids);
  // The first page shows that many at the most, and on another page none of them stands.
  const seen = list.wanted.offset === 0 ? ids.filter((id) => !known.has(id)).length : 0;
  const isNew = Math.max(seen, Number(total) - Number(list.total));
  set({ list: { ...shown, waiting: isNew > 0 ? { ids, total, count: isNew } : null } });
}
