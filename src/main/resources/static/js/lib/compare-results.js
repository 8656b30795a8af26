// Two results side by side. Pure.

import { NO_VALUE, count, whole } from './format.js';

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

/** How often something occurs in a thousand; null if it is not known. */
export function perThousand(value, total) {
  return value === null || !(Number(total) > 0) ? null : (Number(value) * 1000) / Number(total);
}

/** '12.3', '1.23', '0.0048': three digits, or two. */
export function rateText(rate) {
  if (rate === null) {
    return NO_VALUE;
  }
  const digits = rate === 0 || rate >= 99.95 ? 1 : rate >= 0.995 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(rate)));
  return rate.toFixed(digits);
}

/** '+1.23', '−0.0048', '0'. */
export function rateDifference(a, b) {
  const change = b - a;
  return change === 0 ? '0' : `${change > 0 ? '+' : '−'}${rateText(Math.abs(change))}`;
}

/**
 * How a row differs: B − A, in counts, or in a thousand of each total.
 *
 * @param {{a: any, b: any}|null} totals null: in counts. A value that is not known counts as 0
 */
export function differenceOf({ a, b }, totals) {
  const [left, right] = [a ?? 0n, b ?? 0n];
  return totals === null
    ? Number(right - left)
    : (perThousand(right, totals.b) ?? 0) - (perThousand(left, totals.a) ?? 0);
}

/** The rows with the largest value first: the largest count, or the largest in a thousand. */
export function byValue(rows, totals) {
  if (totals === null) {
    return rows;
  }
  const sizes = new Map(rows.map((row) => [row, Math.max(perThousand(row.a, totals.a) ?? 0, perThousand(row.b, totals.b) ?? 0)]));
  return [...rows].sort((x, y) => sizes.get(y) - sizes.get(x));
}

/** Longer keys are not looked up. */
const MAX_KEY = 200;

/** The keys of rows without a value on one side that has not been looked up. */
export function missingKeys(rows, side, found) {
  const keys = rows.filter((row) => row[side] === null && row.key?.length <= MAX_KEY).map(({ key }) => key);
  return [...new Set(keys)].filter((key) => !found.has(key));
}

/**
 * The rows with what is known of values that are not among the first rows of a result.
 *
 * @param {{a: Object, b: Object}} sides each with found (what was looked up, by key; null if it is not there), isPart
 *     (whether the result has more rows) and absent: the value of what is not in the result; null if that is not known
 */
export function withFound(rows, sides) {
  const value = (row, { found, isPart, absent }, own) =>
    own ?? (isPart && !found.has(row.key) ? null : (found.get(row.key) ?? absent));
  return rows.map((row) => ({ key: row.key, a: value(row, sides.a, row.a), b: value(row, sides.b, row.b) }));
}

/** The rows with the largest difference first; equal ones stay in order. */
export function byDifference(rows, totals) {
  const sizes = new Map(rows.map((row) => [row, Math.abs(differenceOf(row, totals))]));
  return [...rows].sort((x, y) => sizes.get(y) - sizes.get(x));
}
