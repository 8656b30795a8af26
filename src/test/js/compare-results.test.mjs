import assert from 'node:assert/strict';
import test from 'node:test';
import {
  areComparable,
  byDifference,
  byValue,
  difference,
  differenceOf,
  joinRows,
  missingKeys,
  perThousand,
  rateDifference,
  rateText,
  withFound,
} from '../../main/resources/static/js/lib/compare-results.js';

const page = (rows, total = rows.length) => ({
  rows,
  total,
  columns: [{ name: 'word', type: 'string' }, { name: 'count', type: 'integer' }],
});

test('rows are joined by key, the largest value first', () => {
  const rows = joinRows(page([['the', 10], ['a', 3]]), page([['of', 12], ['a', 5]]));

  assert.deepEqual(rows, [
    { key: 'of', a: null, b: 12n },
    { key: 'the', a: 10n, b: null },
    { key: 'a', a: 3n, b: 5n },
  ]);
});

test('numbers beyond 2^53 are compared exactly', () => {
  const rows = joinRows(page([['x', '9007199254740993']]), page([['x', '9007199254740992']]));

  assert.equal(difference(rows[0].a, rows[0].b), '−1');
});

test('differences have grouped digits', () => {
  assert.equal(difference(1_000_000n, 2n), '−999,998');
  assert.equal(difference(2n, 1_234_569n), '+1,234,567');
});

test('only rows with a text of their own and a whole number can be joined', () => {
  const other = { rows: [], total: 0, columns: [{ name: 'x', type: 'integer' }] };

  assert.equal(areComparable(page([['a', 1]]), page([['a', 2], ['b', 1]])), true);
  assert.equal(areComparable(page([]), other), false);
  assert.equal(areComparable(page([['a', 1]]), page([['a', 2], ['a', 1]])), false, 'one of the rows would be lost');
});

test('rates are per thousand of all words, with enough digits', () => {
  assert.equal(perThousand(5n, 2000), 2.5);
  assert.equal(perThousand(null, 2000), null);
  assert.equal(perThousand(5n, 0), null);
  assert.deepEqual([0, 123.456, 12.3456, 1, 0.5, 0.00481].map(rateText), ['0.0', '123.5', '12.35', '1.00', '0.50', '0.0048']);
  assert.equal(rateText(null), '–');
  assert.deepEqual([rateDifference(2, 0.5), rateDifference(0.5, 2), rateDifference(1, 1)], ['−1.50', '+1.50', '0']);
});

test('rows are ordered by rate, and by how much the rates differ', () => {
  const rows = [{ key: 'the', a: 60n, b: 700n }, { key: 'whale', a: 5n, b: 0n }, { key: 'of', a: 30n, b: 200n }];
  const totals = { a: 1000, b: 10_000 };
  assert.deepEqual(byValue(rows, totals).map(({ key }) => key), ['the', 'of', 'whale']);
  assert.deepEqual(byDifference(rows, totals).map(({ key }) => key), ['the', 'of', 'whale']);
  assert.deepEqual(byDifference(rows, null).map(({ key }) => key), ['the', 'of', 'whale']);
  assert.equal(differenceOf(rows[1], totals), -5);
  assert.equal(differenceOf(rows[0], null), 640);
});

test('what is not among the first rows is looked up; what is not there is 0 only if the result has all words', () => {
  const rows = [{ key: 'far', a: 1n, b: null }, { key: 'gone', a: 1n, b: null }, { key: 'later', a: 1n, b: null }];
  const found = new Map([['far', 7n], ['gone', null]]);
  const known = (isPart, absent) =>
    withFound(rows, { a: { found: new Map(), isPart: false, absent }, b: { found, isPart, absent } }).map(({ b }) => b);
  assert.deepEqual(known(true, 0n), [7n, 0n, null]);
  assert.deepEqual(known(true, null), [7n, null, null]);
  assert.deepEqual(known(false, 0n), [7n, 0n, 0n]);
  assert.deepEqual(missingKeys(rows, 'b', found), ['later']);
});
