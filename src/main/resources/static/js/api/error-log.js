// The errors in a job's log.

import { MAX_PAGE_LINES, findForwards, readBackwards } from '../lib/log-reader.js';
import { api } from './api.js';

const MAX_TRACE_LINES = 1_000;

/**
 * Finds the first line with an error.
 *
 * @returns {Promise<number|null>} its number from 0, or null
 * @throws {ApiError}
 */
export function firstErrorLine(id) {
  return findForwards(errorReader(id), 0, () => true, 1);
}

/**
 * The last lines with errors. A failed job's stack trace is among them: it is written at the end.
 *
 * @throws {ApiError}
 */
export async function stackTrace(id, signal) {
  const read = errorReader(id, signal);
  const { total, truncated_before: first } = await read({ from: -1, limit: 1 });
  let lines = [];
  for await (const piece of readBackwards(read, total, first, MAX_PAGE_LINES)) {
    lines = [...piece.lines, ...lines];
    if (lines.length >= MAX_TRACE_LINES) {
      break;
    }
  }
  return lines
    .slice(-MAX_TRACE_LINES)
    .map((line) => line.text)
    .join('\n');
}

function errorReader(id, signal) {
  return (query) => api.log(id, { ...query, level: 'ERROR' }, signal);
}
