// The part of a log that is shown: one unbroken range of lines, bounded whatever the log's length. Pure.

import { clock, dateOf, pad } from './format.js';

/** More lines are never kept. */
export const MOST_LINES = 5_000;

export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/**
 * @typedef {{n: number, time: string, level: string, text: string}} Line
 * @typedef {{from: number, next: number, lines: Line[]}} Piece all lines n with from <= n < next that pass the filter
 */

/** Whether a piece overlaps a range or touches it, so that nothing lies between. */
export function touches(range, piece) {
  return piece.from <= range.next && piece.next >= range.from;
}

/**
 * A range with a piece added; each line is in it once. A piece that does not touch leaves the range as it is.
 *
 * @param {Piece} range
 * @param {Piece} piece
 * @param {'start'|'end'} keep which end stays where there are too many lines
 * @returns {Piece}
 */
export function merge(range, piece, keep) {
  if (!touches(range, piece)) {
    return range;
  }
  const before = piece.lines.filter((line) => line.n < range.from);
  const after = piece.lines.filter((line) => line.n >= range.next);
  if (before.length + after.length === 0 && piece.from >= range.from && piece.next <= range.next) {
    return range;
  }
  const lines = [...before, ...range.lines, ...after];
  const merged = { from: Math.min(range.from, piece.from), next: Math.max(range.next, piece.next), lines };
  return cut(merged, keep, MOST_LINES);
}

/** A piece with no more than so many lines, those at one end. */
export function cut(piece, keep, most) {
  const { from, next, lines } = piece;
  if (lines.length <= most) {
    return piece;
  }
  if (keep === 'end') {
    const kept = lines.slice(-most);
    return { from: kept[0].n, next, lines: kept };
  }
  const kept = lines.slice(0, most);
  return { from, next: kept.at(-1).n + 1, lines: kept };
}

/** A piece without the lines below a level. */
export function atLeast(piece, level) {
  const least = LEVELS.indexOf(level);
  return least <= 0 ? piece : { ...piece, lines: piece.lines.filter((line) => LEVELS.indexOf(line.level) >= least) };
}

/** When a line was written, in this browser's zone: '14:03:07.218'; nothing where that is not known. */
export function timeOf({ time }) {
  const date = dateOf(time);
  return date === null ? '' : `${clock(time)}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** Whether a line has a text in it, in whatever case. */
export function matches(line, text) {
  return line.text.toLowerCase().includes(text.toLowerCase());
}

/**
 * A text cut where another is found in it, in whatever case.
 *
 * @returns {Array<{text: string, found: boolean}>} joined, they are the text
 */
export function highlight(text, wanted) {
  const lower = text.toLowerCase();
  // Lower case may be longer (İ): then places in it are not those of the text.
  if (wanted === '' || lower.length !== text.length) {
    return [{ text, found: false }];
  }
  const needle = wanted.toLowerCase();
  const parts = [];
  let at = 0;
  for (let hit = lower.indexOf(needle); hit >= 0; hit = lower.indexOf(needle, at)) {
    parts.push({ text: text.slice(at, hit), found: false }, { text: text.slice(hit, hit + needle.length), found: true });
    at = hit + needle.length;
  }
  parts.push({ text: text.slice(at), found: false });
  return parts.filter((part) => part.text !== '');
}

/** How many lines a group has, where a filter takes none away. */
export const CHUNK = 100;

/** Lines in groups that keep their lines when others come or go, so that few are drawn again. */
export function chunks(lines) {
  const groups = [];
  for (const line of lines) {
    const key = Math.floor(line.n / CHUNK);
    if (groups.at(-1)?.key !== key) {
      groups.push({ key, lines: [] });
    }
    groups.at(-1).lines.push(line);
  }
  return groups;
}
