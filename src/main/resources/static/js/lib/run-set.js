// The overview of a run set: its columns, their order, what is shown. Pure.

import { numberText } from './cell.js';
import { NO_VALUE, bytes, duration } from './format.js';
import { workTime } from './job-progress.js';
import { hasEnded, statusLabel } from './job-status.js';

/** What the overview says of a job that exists no more. */
export const GONE = 'GONE';

/**
 * The columns of an overview: the parameters that vary, the status, the duration and the numbers of the summaries.
 *
 * @param {{for_each: Object}} set
 * @param {Object[]} rows
 * @param {Array} specs the parameters of its type
 * @param {Array<{summary: string, title: string, unit: string}>} tiles of the results of its type
 * @returns {Array<{key: string, title: string, folder: string|undefined, isNumber: boolean, value: (row: Object) => any,
 *     text: (row: Object) => string}>} folder is what all datasets have in common, and is not in their texts
 */
export function columnsOf(set, rows, specs, tiles) {
  const params = Object.keys(set.for_each).map((name) => {
    const spec = specs.find((known) => known.name === name);
    const value = (row) => row.params[name];
    const folder = spec?.kind === 'dataset' ? commonFolder(set.for_each[name]) : '';
    const text = (row) => paramText(value(row)).slice(folder.length);
    return { key: `params.${name}`, title: spec?.title ?? name, folder, isNumber: spec?.kind === 'integer', value, text };
  });
  const shown = new Set(rows.flatMap((row) => Object.keys(row.summary ?? {})));
  const ordered = tiles.filter((tile) => tile.unit !== 'per_second' && shown.delete(tile.summary));
  const others = [...shown].map((summary) => ({ summary, title: summary.replaceAll('_', ' '), unit: 'count' }));
  const numbers = [...ordered, ...others].map(({ summary, title, unit }) => {
    const value = (row) => row.summary?.[summary];
    const format = unit === 'bytes' ? bytes : numberText;
    return { key: `summary.${summary}`, title, isNumber: true, value, text: (row) => (value(row) == null ? NO_VALUE : format(value(row))) };
  });
  const worked = (row) => workTime({ ...row, params: { ...set.params, ...row.params } });
  return [
    ...params,
    { key: 'status', title: 'Status', isNumber: false, value: (row) => row.status, text: (row) => rowStatus(row) },
    { key: 'duration_ms', title: 'Duration', isNumber: true, value: worked, text: (row) => duration(worked(row)) },
    ...numbers,
  ];
}

function paramText(value) {
  if (value === undefined || value === null) {
    return NO_VALUE;
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The folder that contains all of these paths, with its last '/', or ''. */
export function commonFolder(paths) {
  let folder = paths[0].slice(0, paths[0].lastIndexOf('/') + 1);
  while (!paths.every((path) => path.startsWith(folder))) {
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  }
  return folder;
}

/** 'Succeeded', or 'Gone' for a job that exists no more. */
export function rowStatus({ status }) {
  return status === GONE ? 'Gone' : statusLabel(status);
}

/** What a row is about: the parameters that vary, as a name for it. */
export function rowName(row, columns) {
  const texts = columns.filter(({ key }) => key.startsWith('params.')).map((column) => column.text(row));
  return texts.length === 0 ? row.job_id : texts.join(', ');
}

/** 'words', '-words' for the other direction, '' for none: the next order if the heading of a column is pressed. */
export function nextSort(sort, key) {
  return sort === key ? `-${key}` : sort === `-${key}` ? '' : key;
}

/** The rows in the order of a column; those that have no value are last. Without a known column, in the order of the set. */
export function sorted(rows, sort, columns) {
  const isDescending = sort.startsWith('-');
  const column = columns.find(({ key }) => key === sort.replace(/^-/, ''));
  if (column === undefined) {
    return rows;
  }
  const known = rows.filter((row) => column.value(row) != null);
  const missing = rows.filter((row) => column.value(row) == null);
  const direction = isDescending ? -1 : 1;
  return [...known.sort((a, b) => direction * compared(column.value(a), column.value(b))), ...missing];
}

/** Whole numbers beyond 2^53 are texts. */
function compared(a, b) {
  const isNumeric = [a, b].every((value) => typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(value));
  return isNumeric ? Number(a) - Number(b) : String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** A row of the overview, brought up to date with the latest known state of its job. */
export function updated(row, job) {
  return job !== undefined && row.status !== GONE && !hasEnded(row) ? { ...row, status: job.status, duration_ms: job.duration_ms, error: job.error } : row;
}

/** How many rows have each status. */
export function countsOf(rows) {
  const counts = {};
  for (const { status } of rows) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}
