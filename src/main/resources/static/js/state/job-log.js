// The log of the open job. state.log holds one range of it, which moves through a log of any length and grows while its
// end is followed.

import { api } from '../api/api.js';
import { count } from '../lib/format.js';
import { MAX_LINES, atLeast, limitLines, merge, touches } from '../lib/log-range.js';
import { MAX_PAGE_LINES, findBackwards, findForwards, readBackwards } from '../lib/log-reader.js';
import { matches } from '../lib/log-text.js';
import { announce, onLiveEvent, set, state, subscribe } from './store.js';

const PAGE_LINES = 1_000;
/** With a filter by level, pages are larger, and requested until this many lines are shown. */
const FILTERED_PAGE_LINES = MAX_PAGE_LINES;
const ENOUGH_LINES = 100;
const BATCH_MS = 200;

let stopListening = null;
/** Abort the request for shown lines, and the search. */
let loading = null;
let finding = null;

/**
 * Opens a job's log.
 *
 * @param {string} id
 * @param {number|null} line the line to show, from 0, or null
 * @param {boolean} follow whether to follow the end of the log, if no line is given
 * @param {{level: string, search: string}} filter
 */
export function openLog(id, line, follow, { level, search }) {
  stopListening ??= onLiveEvent(onEvent);
  set({
    log: {
      id,
      level,
      /** The marked line; another object each time that it is to be scrolled to. */
      target: { n: line },
      /** See log-range.js; null until loaded. */
      range: null,
      /** How many lines the log has, and how many of them were dropped at its beginning. */
      total: 0,
      truncatedBefore: 0,
      follow: follow && line === null,
      error: null,
      isLoading: false,
      search,
      isSearching: false,
      foundNothing: false,
    },
  });
  return line !== null ? showLine(line) : follow ? followEnd() : showFrom(0);
}

export function closeLog() {
  loading?.abort();
  finding?.abort();
  stopListening?.();
  stopListening = null;
  set({ log: null });
}

/** Marks a line and shows it with those around it. */
export function goToLine(n) {
  update({ target: { n } });
  return showLine(n);
}

/** Shows the end of the log, and stays there while it grows. */
export async function followEnd() {
  update({ follow: true });
  if (isAtEnd()) {
    return;
  }
  const size = pageSize();
  const page = await loadPage({ from: -size, limit: size });
  if (page === null) {
    return;
  }
  update({ range: limitLines(rangeOf(page), 'end', MAX_LINES) });
  while (state.log?.follow && (await loadNewer()));
  if (hasFewLines()) {
    await loadOlder();
  }
}

export function stopFollowing() {
  if (state.log?.follow) {
    update({ follow: false });
  }
}

/** Whether the range reaches the end of the log, as far as is known. */
export function isAtEnd(log = state.log) {
  return log.range !== null && log.range.next >= log.total;
}

/** The marked line, the level and the search, as the address has them. */
export function placeOf({ target, level, search }, n = target.n) {
  return { line: n === null ? null : n + 1, level: level === 'DEBUG' ? null : level.toLowerCase(), q: search };
}

/** Loads again after an error. */
export function retryLog() {
  const { follow, target } = state.log;
  return follow ? followEnd() : showLine(target.n ?? 0);
}

/**
 * Shows only the lines of at least a level.
 *
 * @param {string} level
 * @param {number} topLine the line at the top of the view, which stays there unless the end is followed
 */
export async function setLogLevel(level, topLine) {
  const { follow, search } = state.log;
  loading?.abort();
  update({ level, range: null, isLoading: false });
  setLogSearch(search);
  if (follow) {
    await followEnd();
    return;
  }
  await showFrom(topLine);
  await loadOlder();
}

/**
 * Adds lines before those shown.
 *
 * @returns {Promise<boolean>} false if there are none, or they could not be loaded
 */
export async function loadOlder() {
  const { range = null, truncatedBefore, isLoading } = state.log ?? {};
  if (isLoading || range === null || range.from <= truncatedBefore) {
    return false;
  }
  let added = 0;
  for await (const piece of readBackwards(loadPage, range.from, truncatedBefore, pageSize())) {
    if (piece === null || !state.log?.range) {
      return false;
    }
    update({ range: merge(state.log.range, limitLines(piece, 'end', PAGE_LINES), 'start') });
    added += piece.lines.length;
    if (added >= ENOUGH_LINES) {
      break;
    }
  }
  return true;
}

/** Adds lines after those shown; returns as loadOlder. */
export async function loadNewer() {
  const { range = null, isLoading } = state.log ?? {};
  if (isLoading || range === null || isAtEnd()) {
    return false;
  }
  const page = await loadPage({ from: range.next, limit: PAGE_LINES });
  if (page === null || !state.log?.range) {
    return false;
  }
  const piece = rangeOf(page);
  // There is a gap if the lines between were dropped meanwhile.
  update({ range: touches(state.log.range, piece) ? merge(state.log.range, piece, 'end') : piece });
  return true;
}

export function setLogSearch(search) {
  finding?.abort();
  update({ search, isSearching: false, foundNothing: false });
}

/**
 * Finds the next match of the search in the whole log.
 *
 * @param {number|null} n the line to start after, or before; null to start with the lines that are shown
 * @param {1|-1} direction
 * @returns {Promise<number|null>} the line's number; null if there is none, or another search was started
 */
export async function findInLog(n, direction) {
  finding?.abort();
  const current = new AbortController();
  finding = current;
  const log = await loadedLog(current.signal);
  if (log === null || log.search === '') {
    return null;
  }
  const { search, range, truncatedBefore } = log;
  const start = n ?? (direction > 0 ? range.from - 1 : range.next);
  const isMatch = (line) => (direction > 0 ? line.n > start : line.n < start) && matches(line, search);
  const shown = direction > 0 ? range.lines.find(isMatch) : range.lines.findLast(isMatch);
  if (shown !== undefined) {
    update({ isSearching: false, foundNothing: false });
    return shown.n;
  }
  update({ isSearching: true, foundNothing: false });
  const read = (query) => readPage({ ...query, q: search }, current.signal);
  const found =
    direction > 0
      ? await findForwards(read, range.next, isMatch)
      : await findBackwards(read, range.from, truncatedBefore, isMatch);
  if (current.signal.aborted) {
    return null;
  }
  update({ isSearching: false, foundNothing: found === null });
  if (found === null) {
    announce('No further match');
  }
  return found ?? null;
}

/** The log once a range of it is shown; null if that fails or is aborted. */
function loadedLog(signal) {
  return new Promise((resolve) => {
    const check = () => {
      const { log } = state;
      const isHopeless = signal.aborted || log === null || (log.range === null && log.error !== null);
      if (isHopeless || log.range !== null) {
        unsubscribe();
        resolve(isHopeless ? null : log);
      }
    };
    const unsubscribe = subscribe(check);
    signal.addEventListener('abort', check);
    check();
  });
}

// ---- loading

function update(changes) {
  if (state.log !== null) {
    set({ log: { ...state.log, ...changes } });
  }
}

function isFiltered() {
  return state.log.level !== 'DEBUG';
}

function pageSize() {
  return isFiltered() ? FILTERED_PAGE_LINES : PAGE_LINES;
}

/** Shows the lines from a line on. */
async function showFrom(from) {
  const page = await loadPage({ from, limit: PAGE_LINES });
  if (page === null) {
    return;
  }
  update({ range: rangeOf(page) });
  while (hasFewLines() && (await loadNewer()));
}

/** Shows a line with those around it. */
async function showLine(n) {
  update({ follow: false });
  const { range } = state.log;
  if (range !== null && n >= range.from && n < range.next) {
    return;
  }
  await showFrom(Math.max(0, n - PAGE_LINES / 4));
  while (state.log?.range?.next <= n && (await loadNewer()));
  const { range: shown, total, target } = state.log ?? {};
  if (shown && total > 0 && n >= total && target.n === n) {
    announce(`The log ends at line ${count(total)}`);
    await goToLine(total - 1);
  }
}

/** Whether there are too few lines to scroll, which would load more. */
function hasFewLines() {
  return Boolean(state.log?.range) && state.log.range.lines.length < ENOUGH_LINES;
}

/** The range of a page, without the lines that were dropped. */
function rangeOf({ from, next, lines, truncated_before: first }) {
  return { from: Math.max(from, Math.min(first, next)), next, lines };
}

/** Loads one page to show; null if that failed, or another one was requested meanwhile. */
async function loadPage(query) {
  loading?.abort();
  const current = new AbortController();
  loading = current;
  update({ isLoading: true });
  const page = await readPage(query, current.signal);
  if (!current.signal.aborted) {
    update({ isLoading: false });
  }
  return page;
}

/** Reads one page at the chosen level; null if that failed or was aborted. */
async function readPage(query, signal) {
  const { id, level } = state.log;
  try {
    const page = await api.log(id, { ...query, level: isFiltered() ? level : null }, signal);
    if (signal.aborted) {
      return null;
    }
    update({ error: null, total: page.total, truncatedBefore: page.truncated_before });
    return page;
  } catch (error) {
    if (!signal.aborted) {
      update({ error });
    }
    return null;
  }
}

// ---- live lines

let batch = [];
let timer;

/** Adds live lines in batches, so that a job that logs a lot does not redraw the page all the time. */
function onEvent(type, data) {
  if (type === 'snapshot' && state.log !== null && state.log.error !== null && !state.log.isLoading) {
    retryLog();
  }
  const piece = type === 'snapshot' ? data.log : type === 'log' ? data : undefined;
  if (piece === undefined || piece.job_id !== state.log?.id) {
    return;
  }
  const last = batch.at(-1);
  if (last !== undefined && last.next === piece.from) {
    batch[batch.length - 1] = { ...last, ...piece, from: last.from, lines: last.lines.concat(piece.lines) };
  } else {
    batch.push(piece);
  }
  timer ??= setTimeout(addBatch, BATCH_MS);
}

function addBatch() {
  timer = undefined;
  const pieces = batch;
  batch = [];
  for (const piece of pieces) {
    if (piece.job_id === state.log?.id) {
      addPiece(piece);
    }
  }
}

function addPiece(piece) {
  const { log } = state;
  const { range } = log;
  const total = Math.max(log.total, piece.total ?? piece.next);
  const truncatedBefore = piece.truncated_before ?? log.truncatedBefore;
  const hasRoom = log.follow || (range !== null && range.lines.length + piece.lines.length <= MAX_LINES);
  if (range !== null && touches(range, piece) && hasRoom) {
    update({ total, truncatedBefore, range: merge(range, atLeast(piece, log.level), 'end') });
    return;
  }
  // The reader is elsewhere in the log, or lines were missed.
  update({ total, truncatedBefore });
  if (log.follow && range !== null && !log.isLoading) {
    followEnd();
  }
}
