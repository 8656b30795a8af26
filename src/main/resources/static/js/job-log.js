// The log of the open job: one range of it at a time, moved through a log of any length, live at its end.

import { count } from './format.js';
import { MOST_LINES, atLeast, cut, matches, merge, touches } from './log.js';
import { MOST_ASKED, before, firstHit, lastHit } from './log-pages.js';
import { announce, ask, onLiveEvent, set, state, subscribe } from './store.js';

const PAGE = 1_000;
/** With a level filter most lines fall away, so more are looked through at once, and on until there are some to read. */
const FILTERED_PAGE = MOST_ASKED;
const SOME = 100;
/** Of the errors, at most so many are shown as a stack trace. */
const TRACE = 1_000;
const GATHER_MS = 200;

let stopListening = null;
let asking = null;
let finding = null;
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
      target: { n: line },
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
  finding?.abort();
  stopListening?.();
  stopListening = null;
  set({ log: null });
}

function change(changes) {
  if (state.log !== null) {
    set({ log: { ...state.log, ...changes } });
  }
}

/** Asks for one page to show; answers null where the reader has gone elsewhere meanwhile. */
async function page(query) {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  change({ busy: true });
  const answer = await read(query, mine.signal);
  if (!mine.signal.aborted) {
    change({ busy: false });
  }
  return answer;
}

/** One page at the chosen level; null where it was given up, or failed, which is told. */
async function read(query, signal) {
  const { id, level } = state.log;
  try {
    const answer = await ask.log(id, { ...query, level: level === 'DEBUG' ? null : level }, signal);
    if (signal.aborted) {
      return null;
    }
    change({ error: null, total: answer.total, truncatedBefore: answer.truncated_before });
    return answer;
  } catch (error) {
    if (!signal.aborted) {
      change({ error });
    }
    return null;
  }
}

/** Shows what is from a line on; of a level, as far on as there are some lines to read. */
async function showFrom(from) {
  const answer = await page({ from, limit: PAGE });
  if (answer === null) {
    return;
  }
  change({ range: rangeOf(answer) });
  while (isBare() && (await newer()));
}

/** Whether so little is shown that the reader could not scroll to ask for more. */
function isBare() {
  return Boolean(state.log?.range) && state.log.range.lines.length < SOME;
}

/** Lines that were cut from the front are in no range. */
function rangeOf({ from, next, lines, truncated_before: first }) {
  return { from: Math.max(from, Math.min(first, next)), next, lines };
}

/** Shows a line, marked; also one that has been gone to before. */
export function goToLine(n) {
  // A new object each time: what has it goes there once.
  change({ target: { n } });
  return showLine(n);
}

/** Shows a line with those around it. */
export async function showLine(n) {
  change({ follow: false });
  const { range } = state.log;
  if (range !== null && n >= range.from && n < range.next) {
    return;
  }
  await showFrom(Math.max(0, n - PAGE / 4));
  while (state.log?.range?.next <= n && (await newer()));
  const { range: shown, total, target } = state.log ?? {};
  if (shown && total > 0 && n >= total && target.n === n) {
    announce(`The log ends at line ${count(total)}`);
    await goToLine(total - 1);
  }
}

/** Asks again for what could not be had. */
export function retry() {
  const { follow, target } = state.log;
  return follow ? toEnd() : showLine(target.n ?? 0);
}

/** Shows the end, and stays there while the log grows. */
export async function toEnd() {
  change({ follow: true });
  if (isAtEnd()) {
    return;
  }
  const size = state.log.level === 'DEBUG' ? PAGE : FILTERED_PAGE;
  const answer = await page({ from: -size, limit: size });
  if (answer === null) {
    return;
  }
  change({ range: cut(rangeOf(answer), 'end', MOST_LINES) });
  while (state.log?.follow && (await newer()));
  if (isBare()) {
    await older();
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

/** Shows the lines of a level: at the end where that is followed, else from the line in sight on. */
export async function chooseLevel(level, inSight) {
  const { follow, search } = state.log;
  asking?.abort();
  change({ level, range: null, busy: false });
  searchLog(search);
  if (follow) {
    await toEnd();
    return;
  }
  await showFrom(inSight);
  await older();
}

/** Adds the lines before those shown; of a level, as far back as there are some. */
export async function older() {
  const { range = null, truncatedBefore, busy, level } = state.log ?? {};
  if (busy || range === null || range.from <= truncatedBefore) {
    return false;
  }
  const size = level === 'DEBUG' ? PAGE : FILTERED_PAGE;
  let added = 0;
  for await (const piece of before(page, range.from, truncatedBefore, size)) {
    if (piece === null || !state.log?.range) {
      return false;
    }
    change({ range: merge(state.log.range, cut(piece, 'end', PAGE), 'start') });
    added += piece.lines.length;
    if (added >= SOME) {
      break;
    }
  }
  return true;
}

/** Adds the lines after those shown. */
export async function newer() {
  const { range = null, busy } = state.log ?? {};
  if (busy || range === null || isAtEnd()) {
    return false;
  }
  const answer = await page({ from: range.next, limit: PAGE });
  if (answer === null || !state.log?.range) {
    return false;
  }
  const piece = rangeOf(answer);
  // It does not touch where the lines between have been dropped meanwhile.
  change({ range: touches(state.log.range, piece) ? merge(state.log.range, piece, 'end') : piece });
  return true;
}

/** What the stream tells of the log; gathered for a moment, so that a chatty job does not draw the page all the time. */
function take(type, data) {
  if (type === 'snapshot' && state.log !== null && state.log.error !== null && !state.log.busy) {
    retry();
  }
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
  finding?.abort();
  change({ search, searching: false, foundNothing: false });
}

/** The log, once some of it is shown; null where that fails, or the signal says that nobody waits any more. */
function shown(signal) {
  return new Promise((resolve) => {
    const look = () => {
      const { log } = state;
      const never = signal.aborted || log === null || (log.range === null && log.error !== null);
      if (never || log.range !== null) {
        end();
        resolve(never ? null : log);
      }
    };
    const end = subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}

/**
 * The next line after n that has the searched text, or the one before; looks through the whole log, page by page, once
 * it is there.
 *
 * @param {number|null} n null for the lines that are shown and those beyond
 * @param {1|-1} direction
 * @returns {Promise<number|null>} the line's number, or null where there is none or the reader has gone on
 */
export async function find(n, direction) {
  finding?.abort();
  const mine = new AbortController();
  finding = mine;
  const log = await shown(mine.signal);
  if (log === null || log.search === '') {
    return null;
  }
  const { search, range, truncatedBefore } = log;
  const start = n ?? (direction > 0 ? range.from - 1 : range.next);
  const isHit = (line) => (direction > 0 ? line.n > start : line.n < start) && matches(line, search);
  const near = first(range.lines, isHit, direction);
  if (near !== null) {
    change({ searching: false, foundNothing: false });
    return near;
  }
  change({ searching: true, foundNothing: false });
  const one = (query) => read(query, mine.signal);
  const found =
    direction > 0 ? await firstHit(one, range.next, isHit) : await lastHit(one, range.from, truncatedBefore, isHit);
  if (mine.signal.aborted) {
    return null;
  }
  change({ searching: false, foundNothing: found === null });
  if (found === null) {
    announce('No further match');
  }
  return found ?? null;
}

function first(lines, isHit, direction) {
  const line = direction > 0 ? lines.find(isHit) : lines.findLast(isHit);
  return line === undefined ? null : line.n;
}

/** The number of the first line that tells of an error, or null. */
export function firstError(id) {
  return firstHit((query) => ask.log(id, { ...query, level: 'ERROR' }), 0, () => true, 1);
}

/** The last lines that tell of errors, joined; the trace of a failed job among them, for it is written at the end. */
export async function stackTrace(id, signal) {
  const read = (query) => ask.log(id, { ...query, level: 'ERROR' }, signal);
  const { total, truncated_before: cutBefore } = await read({ from: -1, limit: 1 });
  let lines = [];
  for await (const piece of before(read, total, cutBefore, MOST_ASKED)) {
    lines = [...piece.lines, ...lines];
    if (lines.length >= TRACE) {
      break;
    }
  }
  return lines
    .slice(-TRACE)
    .map((line) => line.text)
    .join('\n');
}
