// Two results beside each other. Pure.

import { count, whole } from './format.js';

/** The rows of either side that are looked at. */
export const COMPARED_ROWS = 5_000;

/**
 * Joins two pages of results on their first column.
 *
 * @param {{rows: Array<Array>, total: number}} a the first rows of a result, by the second column downwards
 * @param {{rows: Array<Array>, total: number}} b
 * @returns {Array<{key: string, a: bigint|null, b: bigint|null}>} in the order of the greater of both; null where a
 *     side has not, or not among its first rows, that key
 */
export function joined(a, b) {
  const rows = new Map();
  const side = (page, name) => {
    for (const [key, value] of page.rows) {
      const row = rows.get(key) ?? { key, a: null, b: null };
      row[name] = whole(value);
      rows.set(key, row);
    }
  };
  side(a, 'a');
  side(b, 'b');
  const greatest = ({ a: x, b: y }) => (x === null ? y : y === null || x > y ? x : y);
  return [...rows.values()].sort((x, y) => {
    const left = greatest(x);
    const right = greatest(y);
    return left === right ? 0 : right > left ? 1 : -1;
  });
}

/** Whether two results are words or the like with a number each, so that they can be joined. */
export function comparable(a, b) {
  const kinds = ({ columns }) => columns.map(({ type }) => type).join();
  return kinds(a) === 'string,integer' && kinds(b) === 'string,integer';
}

/** What a job can be told to leave out of its result, however often it is there. */
const FILTERS = ['min_length', 'min_count'];

/**
 * What stands for a missing side: zero where all its rows were looked at, else how many there are at the most; nothing
 * can be said where the job was told to leave some out.
 *
 * @param {{rows: Array<Array>, total: number}} page as in joined
 * @param {Object} params those of the job
 * @returns {{text: string, exact: boolean}}
 */
export function missing(page, params) {
  if (FILTERS.some((name) => params[name] > 1)) {
    return { text: '–', exact: false };
  }
  if (page.total <= page.rows.length) {
    return { text: '0', exact: true };
  }
  return { text: `≤ ${count(page.rows[page.rows.length - 1][1])}`, exact: false };
}

/** '+1,234', '−3', '0'. */
export function difference(a, b) {
  const change = b - a;
  return change === 0n ? '0' : `${change > 0n ? '+' : '−'}${count(change > 0n ? change : -change)}`;
}
