// Reads more of a log than one page. The server ends a page early if it becomes large, so some lines may need several
// requests. Pure except for the read function that is passed in.

/** The most lines in one page. */
export const MAX_PAGE_LINES = 10_000;
/** If a piece has fewer lines, the next one covers more of the log. */
const FEW_LINES = 500;

/**
 * @typedef {(query: {from: number, limit: number}) => Promise<Page|null>} Read reads one page; null if that was aborted
 * @typedef {import('./log-range.js').Range & {total: number, truncated_before: number}} Page
 */

/**
 * Reads all lines n with from <= n < to.
 *
 * @param {Read} read
 * @returns {Promise<import('./log-range.js').Range|null>} it begins later than from if lines have been dropped; null if
 *     aborted
 */
export async function readSpan(read, from, to) {
  const span = { from, next: from, lines: [] };
  while (span.next < to) {
    const page = await read({ from: span.next, limit: Math.min(MAX_PAGE_LINES, to - span.next) });
    if (page === null) {
      return null;
    }
    if (span.next === from) {
      span.from = Math.min(to, page.from);
    }
    // A filtered page may go beyond the end of the span.
    span.lines.push(...page.lines.filter((line) => line.n < to));
    span.next = page.next > span.next ? Math.min(to, page.next) : to;
  }
  return span;
}

/**
 * Reads backwards from a line, in pieces that grow if few lines pass the filter.
 *
 * @param {Read} read
 * @param {number} line the first line that is not read
 * @param {number} first the first line of the log that is kept
 * @param {number} size how many lines the first piece covers
 * @returns {AsyncGenerator<import('./log-range.js').Range|null>} ends with null if aborted
 */
export async function* readBackwards(read, line, first, size) {
  for (let to = line; to > first; ) {
    const from = Math.max(first, to - size);
    const piece = await readSpan(read, from, to);
    yield piece;
    if (piece === null) {
      return;
    }
    to = from;
    size = piece.lines.length < FEW_LINES ? size * 4 : size;
  }
}

/**
 * Finds the first matching line from a line on.
 *
 * @param {Read} read
 * @param {number} from
 * @param {(line: import('./log-range.js').Line) => boolean} isMatch
 * @param {number} limit how many lines to request at once
 * @returns {Promise<number|null|undefined>} its number; null if there is none, undefined if aborted
 */
export async function findForwards(read, from, isMatch, limit = MAX_PAGE_LINES) {
  for (let at = from; ; ) {
    const page = await read({ from: at, limit });
    if (page === null) {
      return undefined;
    }
    const line = page.lines.find(isMatch);
    if (line !== undefined) {
      return line.n;
    }
    if (page.next >= page.total || page.next <= at) {
      return null;
    }
    at = page.next;
  }
}

/** Like findForwards, but finds the last matching line before a line. */
export async function findBackwards(read, line, first, isMatch) {
  for await (const piece of readBackwards(read, line, first, MAX_PAGE_LINES)) {
    if (piece === null) {
      return undefined;
    }
    const match = piece.lines.findLast(isMatch);
    if (match !== undefined) {
      return match.n;
    }
  }
  return null;
}
