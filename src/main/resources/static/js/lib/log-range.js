// Ranges of a log: consecutive lines without gaps, possibly filtered by level. Pure.

/** The most lines in a range. */
export const MAX_LINES = 5_000;

export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/**
 * @typedef {{n: number, time: string, level: string, text: string}} Line
 * @typedef {{from: number, next: number, lines: Line[]}} Range all lines n with from <= n < next that pass the filter
 */

/** Whether two ranges overlap or touch, so that there is no gap between them. */
export function touches(range, other) {
  return other.from <= range.next && other.next >= range.from;
}

/**
 * Adds a range to another, each line once. Returns the first unchanged if there is a gap, or nothing new.
 *
 * @param {Range} range
 * @param {Range} added
 * @param {'start'|'end'} kept the end that stays if there are too many lines
 * @returns {Range}
 */
export function merge(range, added, kept) {
  if (!touches(range, added)) {
    return range;
  }
  const before = added.lines.filter((line) => line.n < range.from);
  const after = added.lines.filter((line) => line.n >= range.next);
  if (before.length + after.length === 0 && added.from >= range.from && added.next <= range.next) {
    return range;
  }
  const lines = [...before, ...range.lines, ...after];
  const merged = { from: Math.min(range.from, added.from), next: Math.max(range.next, added.next), lines };
  return limitLines(merged, kept, MAX_LINES);
}

/** A range with at most so many lines, those at its start or its end. */
export function limitLines(range, kept, max) {
  const { from, next, lines } = range;
  if (lines.length <= max) {
    return range;
  }
  if (kept === 'end') {
    const last = lines.slice(-max);
    return { from: last[0].n, next, lines: last };
  }
  const first = lines.slice(0, max);
  return { from, next: first.at(-1).n + 1, lines: first };
}

/** A range without the lines below a level. */
export function atLeast(range, level) {
  const min = LEVELS.indexOf(level);
  return min <= 0 ? range : { ...range, lines: range.lines.filter((line) => LEVELS.indexOf(line.level) >= min) };
}
