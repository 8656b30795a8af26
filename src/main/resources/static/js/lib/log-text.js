// Log lines for display. Pure.

import { clock, dateOf, pad } from './format.js';

/** '14:03:07.218' in this browser's time zone, or '' if the time is not known. */
export function lineTime({ time }) {
  const date = dateOf(time);
  return date === null ? '' : `${clock(time)}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** Whether a line contains a text, ignoring case. */
export function matches(line, text) {
  return line.text.toLowerCase().includes(text.toLowerCase());
}

/**
 * Splits a text at each match of another, ignoring case.
 *
 * @returns {Array<{text: string, isMatch: boolean}>} the parts; joined, they are the text
 */
export function highlight(text, search) {
  const lower = text.toLowerCase();
  // Lower case may be longer (İ); then its positions are not those of the text.
  if (search === '' || lower.length !== text.length) {
    return [{ text, isMatch: false }];
  }
  const wanted = search.toLowerCase();
  const parts = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push({ text: text.slice(from, at), isMatch: false }, { text: text.slice(at, at + wanted.length), isMatch: true });
    from = at + wanted.length;
  }
  parts.push({ text: text.slice(from), isMatch: false });
  return parts.filter((part) => part.text !== '');
}

/** The number of lines in a full chunk. */
export const CHUNK_LINES = 100;

/** Groups lines by their number, so that lines added before or after change few groups and few are redrawn. */
export function chunks(lines) {
  const groups = [];
  for (const line of lines) {
    const key = Math.floor(line.n / CHUNK_LINES);
    if (groups.at(-1)?.key !== key) {
      groups.push({ key, lines: [] });
    }
    groups.at(-1).lines.push(line);
  }
  return groups;
}
