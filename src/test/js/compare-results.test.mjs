import assert from 'node:assert/strict';
import test from 'node:test';
import { areComparable, difference, joinRows } from '../../main/resources/static/js/lib/compare-results.js';

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
