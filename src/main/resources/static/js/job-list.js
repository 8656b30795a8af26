// The page of jobs that the list shows. The server filters, searches and pages; what happens to a job that is shown is
// seen in place, and what would move the rows under the reader's eyes waits until it is asked for.

import { ask, onLiveEvent, set, state } from './store.js';

export const PAGE = 50;

/** So many pixels down, the reader is reading. */
const SCROLLED = 120;
const REFRESH_MS = 1_000;

let stop = null;
let stopListening = null;
let timer;
let askedAt = 0;

/**
 * Shows the list for a route's query.
 *
 * @param {{status?: string, q?: string, page?: string}} query
 */
export function openList(query) {
  const page = Math.max(1, Number.parseInt(query.page ?? '1', 10) || 1);
  const wanted = { status: query.status, q: query.q, limit: PAGE, offset: (page - 1) * PAGE };
  stopListening ??= onLiveEvent((type) => type !== 'progress' && type !== 'log' && refreshSoon());
  set({ list: { ids: null, total: 0, counts: null, ...state.list, wanted, error: null, waiting: null, isOld: true } });
  refresh();
}

/** Nobody looks at the list any more. */
export function closeList() {
  stop?.abort();
  stopListening?.();
  stopListening = null;
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

export async function refresh() {
  clearTimeout(timer);
  timer = undefined;
  askedAt = Date.now();
  stop?.abort();
  const mine = new AbortController();
  stop = mine;
  try {
    const page = await ask.jobs(state.list.wanted, mine.signal);
    if (!mine.signal.aborted) {
      take(page);
    }
  } catch (error) {
    if (!mine.signal.aborted) {
      set({ list: { ...state.list, error } });
    }
  }
}

function take({ jobs, total, counts }) {
  const { list } = state;
  const ids = jobs.map((job) => job.job_id);
  const shown = { ...list, counts, error: null, isOld: false };
  const reading = scrollY > SCROLLED || list.wanted.offset > 0;
  if (list.isOld || list.ids === null || !reading) {
    set({ list: { ...shown, ids, total, waiting: null } });
    return;
  }
  const known = new Set(list.ids);
  const isNew = list.wanted.offset === 0 ? ids.filter((id) => !known.has(id)).length : Math.max(0, total - list.total);
  set({ list: { ...shown, waiting: isNew > 0 ? { ids, total, count: isNew } : null } });
}
