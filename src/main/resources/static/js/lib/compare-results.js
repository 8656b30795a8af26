// Two results side by side. Pure.

import { count, whole } from './format.js';

/** How many rows of each result are compared. */
export const COMPARED_ROWS = 5_000;

/**
 * Joins two results on their first column.
 *
 * @param {{rows: Array<Array>, total: number}} a the first rows of a result, the largest value of the second
 *     column first
 * @param {{rows: Array<Array>, total: number}} b
 * @returns {Array<{key: string, a: bigint|null, b: bigint|null}>} the largest value first; null if that result does
 *     not have the key among its first rows
 */
export function joinRows(a, b) {
  const rows = new Map();
  const add = (page, name) => {
    for (const [key, value] of page.rows) {
      const row = rows.get(key) ?? { key, a: null, b: null };
      row[name] = whole(value);
      rows.set(key, row);
    }
  };
  add(a, 'a');
  add(b, 'b');
  const largest = ({ a: x, b: y }) => (x === null ? y : y === null || x > y ? x : y);
  return [...rows.values()].sort((x, y) => {
    const left = largest(x);
    const right = largest(y);
    return left === right ? 0 : right > left ? 1 : -1;
  });
}

/** Whether the columns of a result are a text and a whole number. */
export function hasPairs({ columns }) {
  return columns.map(({ type }) => type).join() === 'string,integer';
}

/** Whether two results have what joinRows needs: pairs, with another text in each row. */
export function areComparable(...pages) {
  return pages.every((page) => hasPairs(page) && new Set(page.rows.map(([key]) => key)).size === page.rows.length);
}

/** '+1,234', '−3', '0'. */
export function difference(a, b) {
  const change = b - a;
  return change === 0n ? '0' : `${change > 0n ? '+' : '−'}${count(change > 0n ? change : -change)}`;
}
