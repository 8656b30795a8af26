// Reads more of a log than one page: the server ends a page where it has become large, so whoever wants all of some
// lines must ask on. Pure but for the reader it is given.

/** The most lines that one page may have. */
export const MOST_ASKED = 10_000;
/** Fewer lines than this in a piece, and a larger piece is asked for next. */
const FEW = 500;

/**
 * @typedef {(query: {from: number, limit: number}) => Promise<import('./log.js').Piece|null>} Read one page, with the
 *     total and the number of lines dropped; null where it was given up
 */

/**
 * All lines n with from <= n < to that the reader lets through.
 *
 * @param {Read} read
 * @returns {Promise<import('./log.js').Piece|null>} its from is later where lines have been dropped; null where a page was
 *     given up
 */
export async function span(read, from, to) {
  const piece = { from, next: from, lines: [] };
  while (piece.next < to) {
    const page = await read({ from: piece.next, limit: Math.min(MOST_ASKED, to - piece.next) });
    if (page === null) {
      return null;
    }
    if (piece.next === from) {
      piece.from = Math.min(to, page.from);
    }
    // With a filter a page goes on until it has as many lines as asked for.
    piece.lines.push(...page.lines.filter((line) => line.n < to));
    piece.next = page.next > piece.next ? Math.min(to, page.next) : to;
  }
  return piece;
}

/**
 * The pieces of a log before a line, the last first; larger and larger ones where the reader lets few lines through.
 *
 * @param {Read} read
 * @param {number} line
 * @param {number} first the first line that is kept
 * @param {number} size how many lines the first piece covers
 * @returns {AsyncGenerator<import('./log.js').Piece|null>} null, as the last, where a page was given up
 */
export async function* before(read, line, first, size) {
  for (let to = line; to > first; ) {
    const from = Math.max(first, to - size);
    const piece = await span(read, from, to);
    yield piece;
    if (piece === null) {
      return;
    }
    to = from;
    size = piece.lines.length < FEW ? size * 4 : size;
  }
}

/**
 * The first line that passes the reader, from a line on.
 *
 * @param {Read} read
 * @param {(line: import('./log.js').Line) => boolean} isHit
 * @param {number} limit how many lines to ask for at once
 * @returns {Promise<number|null|undefined>} null where there is none, undefined where a page was given up
 */
export async function firstHit(read, from, isHit, limit = MOST_ASKED) {
  for (let at = from; ; ) {
    const page = await read({ from: at, limit });
    if (page === null) {
      return undefined;
    }
    const hit = page.lines.find(isHit);
    if (hit !== undefined) {
      return hit.n;
    }
    if (page.next >= page.total || page.next <= at) {
      return null;
    }
    at = page.next;
  }
}

/** As firstHit, but the last line before one. */
export async function lastHit(read, line, first, isHit) {
  for await (const piece of before(read, line, first, MOST_ASKED)) {
    if (piece === null) {
      return undefined;
    }
    const hit = piece.lines.findLast(isHit);
    if (hit !== undefined) {
      return hit.n;
    }
  }
  return null;
}
