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
  const texts = columns.filter(({ type }) => type === 'string').map(({ name }) => [name]);
  return texts.length > 0 ? texts : names.slice(0, 1).map((name) => [name]);
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
 * The bars of a chart: its rows, unless the result lacks one of its columns.
 *
 * @param {{label: string, value: string}} chart names two columns
 * @param {{columns: Array<{name: string, type: string}>, rows: Array<Array>}} page
 * @returns {Array<{label: string, value: number|string}>}
 */
export function barsOf(chart, { columns, rows }) {
  const label = columns.findIndex(({ name }) => name === chart.label);
  const value = columns.findIndex(({ name }) => name === chart.value);
  if (label < 0 || value < 0 || !isNumeric(columns[value])) {
    return [];
  }
  return rows
    .filter((row) => row[value] !== null)
    .map((row) => ({ label: row[label] === null ? 'null' : cellText(row[label], columns[label]), value: row[value] }));
}

/** How many rows are shown at once: fewer of many columns, because a browser takes seconds to draw 100,000 cells. */
export function rowsPerPage(columns) {
  return Math.max(10, Math.min(100, Math.floor(10_000 / columns.length)));
}

/** How many rows of a page the server has left out, because its rows are too long for one response. */
export function hiddenRows({ rows, offset, limit, total }) {
  return Math.max(0, Math.min(limit, Number(total) - offset) - rows.length);
}
