// The log of the open job: one range of it at a time, moved through a log of any length, live at its end.

import { MOST_LINES, atLeast, matches, merge, touches } from './log.js';
import { ask, onLiveEvent, set, state } from './store.js';

const PAGE = 1_000;
/** With a level filter most lines fall away, so more are looked through at once. */
const FILTERED_PAGE = 10_000;
const GATHER_MS = 200;

let stopListening = null;
let asking = null;
let gathered = [];
let timer;

/**
 * Opens a job's log.
 *
 * @param {string} id
 * @param {number|null} line the line to show, from 0; null for the end of a log that grows, else its beginning
 * @param {boolean} follow
 */
export function openLog(id, line, follow) {
  stopListening ??= onLiveEvent(take);
  set({
    log: {
      id,
      level: 'DEBUG',
      range: null,
      total: 0,
      truncatedBefore: 0,
      follow: follow && line === null,
      error: null,
      busy: false,
      search: '',
      searching: false,
      foundNothing: false,
    },
  });
  return line === null ? (follow ? toEnd() : showFrom(0)) : showLine(line);
}

export function closeLog() {
  asking?.abort();
  stopListening?.();
  stopListening = null;
  set({ log: null });
}

function change(changes) {
  set({ log: { ...state.log, ...changes } });
}

/** Asks for one page; answers null where the reader has gone elsewhere meanwhile. */
async function page(query) {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const { id, level } = state.log;
  change({ busy: true });
  try {
    const answer = await ask.log(id, { ...query, level: level === 'DEBUG' ? null : level }, mine.signal);
    if (mine.signal.aborted || state.log?.id !== id) {
      return null;
    }
    change({ busy: false, error: null, total: answer.total, truncatedBefore: answer.truncated_before });
    return answer;
  } catch (error) {
    if (!mine.signal.aborted && state.log?.id === id) {
      change({ busy: false, error });
    }
    return null;
  }
}

async function showFrom(from) {
  const answer = await page({ from, limit: PAGE });
  if (answer !== null) {
    change({ range: rangeOf(answer) });
  }
}

/** Lines that were cut from the front are in no range. */
function rangeOf({ from, next, lines, truncated_before: cut }) {
  return { from: Math.max(from, Math.min(cut, next)), next, lines };
}

/** Shows a line with those around it. */
export function showLine(n) {
  change({ follow: false });
  const { range } = state.log;
  return range !== null && n >= range.from && n < range.next ? Promise.resolve() : showFrom(Math.max(0, n - PAGE / 4));
}

/** Shows the end, and stays there while the log grows. */
export async function toEnd() {
  change({ follow: true });
  if (isAtEnd()) {
    return;
  }
  if (state.log.level === 'DEBUG') {
    await showFrom(-PAGE);
    return;
  }
  await showFrom(0);
  for (let more = true; more && state.log?.follow && !isAtEnd(); ) {
    more = await newer();
  }
}

/** Whether the range reaches the end of the log, as far as is known. */
export function isAtEnd(log = state.log) {
  return log.range !== null && log.range.next >= log.total;
}

export function pauseLog() {
  if (state.log?.follow) {
    change({ follow: false });
  }
}

export function chooseLevel(level) {
  const { follow } = state.log;
  change({ level, range: null });
  return follow ? toEnd() : showFrom(0);
}

/** Adds the lines before those shown. */
export async function older() {
  const { range, truncatedBefore, busy, level } = state.log;
  if (busy || range === null || range.from <= truncatedBefore) {
    return false;
  }
  const size = level === 'DEBUG' ? PAGE : FILTERED_PAGE;
  const from = Math.max(truncatedBefore, range.from - size);
  const answer = await page({ from, limit: range.from - from });
  if (answer === null || state.log.range === null) {
    return false;
  }
  change({ range: merge(state.log.range, rangeOf(answer), 'start') });
  return true;
}

/** Adds the lines after those shown. */
export async function newer() {
  const { range, busy } = state.log;
  if (busy || range === null || isAtEnd()) {
    return false;
  }
  const answer = await page({ from: range.next, limit: PAGE });
  if (answer === null || state.log.range === null) {
    return false;
  }
  change({ range: merge(state.log.range, rangeOf(answer), 'end') });
  return true;
}

/** What the stream tells of the log; gathered for a moment, so that a chatty job does not draw the page all the time. */
function take(type, data) {
  const piece = type === 'snapshot' ? data.log : type === 'log' ? data : undefined;
  if (piece === undefined || piece.job_id !== state.log?.id) {
    return;
  }
  const last = gathered.at(-1);
  if (last !== undefined && last.next === piece.from) {
    gathered[gathered.length - 1] = { ...last, ...piece, from: last.from, lines: last.lines.concat(piece.lines) };
  } else {
    gathered.push(piece);
  }
  timer ??= setTimeout(flush, GATHER_MS);
}

function flush() {
  timer = undefined;
  const pieces = gathered;
  gathered = [];
  for (const piece of pieces) {
    if (piece.job_id === state.log?.id) {
      add(piece);
    }
  }
}

function add(piece) {
  const log = state.log;
  const total = Math.max(log.total, piece.total ?? piece.next);
  const truncatedBefore = piece.truncated_before ?? log.truncatedBefore;
  const range = log.range;
  if (range === null || !touches(range, piece) || (!log.follow && range.lines.length + piece.lines.length > MOST_LINES)) {
    // The reader is elsewhere in the log, or what lies between was missed: whoever follows asks for the end.
    change({ total, truncatedBefore });
    if (log.follow && range !== null && !log.busy) {
      toEnd();
    }
    return;
  }
  change({ total, truncatedBefore, range: merge(range, atLeast(piece, log.level), 'end') });
}

export function searchLog(search) {
  change({ search, foundNothing: false });
}

/**
 * The next line after n that has the searched text, or the one before; looks through the whole log, page by page.
 *
 * @param {number} n
 * @param {1|-1} direction
 * @returns {Promise<number|null>} the line's number, or null where there is none or the reader has gone on
 */
export async function find(n, direction) {
  const { search, range, id } = state.log;
  if (search === '' || range === null) {
    return null;
  }
  const isHit = (line) => (direction > 0 ? line.n > n : line.n < n) && matches(line, search);
  const shown = first(range.lines, isHit, direction);
  if (shown !== null) {
    change({ foundNothing: false });
    return shown;
  }
  change({ searching: true, foundNothing: false });
  const found = await scan(direction > 0 ? range.next : range.from, direction, isHit);
  if (state.log?.id !== id || state.log.search !== search) {
    return null;
  }
  change({ searching: false, foundNothing: found === null });
  return found;
}

async function scan(start, direction, isHit) {
  const search = state.log.search;
  let at = start;
  while (state.log !== null && state.log.search === search) {
    const { total, truncatedBefore } = state.log;
    const from = direction > 0 ? at : Math.max(truncatedBefore, at - FILTERED_PAGE);
    const limit = direction > 0 ? FILTERED_PAGE : at - from;
    if (direction > 0 ? from >= total : limit <= 0) {
      return null;
    }
    const answer = await page({ from, limit });
    if (answer === null) {
      return null;
    }
    const hit = first(answer.lines, isHit, direction);
    if (hit !== null) {
      return hit;
    }
    at = direction > 0 ? Math.max(answer.next, from + 1) : from;
  }
  return null;
}

function first(lines, isHit, direction) {
  const line = direction > 0 ? lines.find(isHit) : lines.findLast(isHit);
  return line === undefined ? null : line.n;
}

/** The number of the first line that tells of an error, or null. */
export async function firstError(id) {
  const { lines } = await ask.log(id, { from: 0, limit: 1, level: 'ERROR' });
  return lines.length === 0 ? null : lines[0].n;
}

/** The lines that tell of errors, joined; the trace of a failed job among them. */
export async function stackTrace(id, signal) {
  const { lines } = await ask.log(id, { from: 0, limit: 1_000, level: 'ERROR' }, signal);
  return lines.map((line) => line.text).join('\n');
}
