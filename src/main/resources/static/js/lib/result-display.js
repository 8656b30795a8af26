// How a job type shows its results. Pure.

import { cellText, isNumeric, numberText } from './cell.js';
import { bytes, rate } from './format.js';
import { workTime } from './job-progress.js';

/** For jobs of a type that the server no longer has. */
const PLAIN = { tiles: [], charts: [], row_number: 'Row', empty_reason: null };

/** How results of a job's type are shown. */
export function displayOf(job, jobTypes) {
  return jobTypes?.find(({ type }) => type === job.type)?.result ?? PLAIN;
}

/**
 * The columns that a search looks in, as the server does: in those of one list as if they were one.
 *
 * @returns {string[][]}
 */
export function searchedColumns(columns, { in_context: inContext }) {
  const names = columns.map(({ name }) => name);
  const line = inContext ? [inContext.left, inContext.word, inContext.right] : [];
  if (line.length > 0 && line.every((name) => names.includes(name))) {
    return [line];
  }
  return columns.filter(({ type }, n) => n === 0 || type === 'string').map(({ name }) => [name]);
}

/**
 * The numbers of a job's summary: those with a tile in the order of the tiles, then the others under their own names.
 *
 * @returns {Array<{title: string, text: string}>}
 */
export function tilesOf(job, { tiles }) {
  const summary = job.summary ?? {};
  const formats = { bytes, per_second: (value) => rate(value, workTime(job)), count: numberText };
  const names = new Set(tiles.map((tile) => tile.summary));
  const others = Object.keys(summary)
    .filter((name) => !names.has(name))
    .map((name) => ({ summary: name, title: name.replaceAll('_', ' '), unit: 'count' }));
  return [...tiles, ...others]
    .filter((tile) => isNumber(summary[tile.summary]))
    .map((tile) => ({ title: tile.title, text: formats[tile.unit](summary[tile.summary]) }));
}

function isNumber(value) {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

/**
 * A chart for a result whose type has none: its first numbers, after the first column if there are some, by that column.
 *
 * @param {{columns: Array<{name: string, type: string}>}} page
 * @returns {{label: string|null, value: string}|null} null if it has no numbers
 */
export function chartOf({ columns: [first, ...others] }) {
  const value = others.find(isNumeric);
  if (value !== undefined) {
    return { label: first.name, value: value.name };
  }
  return first !== undefined && isNumeric(first) ? { label: null, value: first.name } : null;
}

/**
 * The bars of a chart: its rows, unless the result lacks one of its columns.
 *
 * @param {{label: string|null, value: string}} chart names two columns; without a label, bars have the numbers of their rows
 * @param {{columns: Array<{name: string, type: string}>, rows: Array<Array>}} page
 * @returns {Array<{label: string, value: number|string}>}
 */
export function barsOf(chart, { columns, rows }) {
  const label = columns.findIndex(({ name }) => name === chart.label);
  const value = columns.findIndex(({ name }) => name === chart.value);
  if ((label < 0 && chart.label !== null) || value < 0 || !isNumeric(columns[value])) {
    return [];
  }
  const labelOf = (row, n) => (label < 0 ? String(n + 1) : row[label] === null ? 'null' : cellText(row[label], columns[label]));
  return rows.map((row, n) => ({ label: labelOf(row, n), value: row[value] })).filter((bar) => bar.value !== null);
}

/** How many rows are shown at once: fewer of many columns, because a browser takes seconds to draw 100,000 cells. */
export function rowsPerPage(columns) {
  return Math.max(10, Math.min(100, Math.floor(10_000 / columns.length)));
}

/** How many rows of a page the server has left out, because its rows are too long for one response. */
export function hiddenRows({ rows, offset, limit, total }) {
  return Math.max(0, Math.min(limit, Number(total) - offset) - rows.length);
}
