import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf, chartOf, displayOf, hiddenRows, rowsPerPage, searchedColumns, tilesOf } from '../../main/resources/static/js/lib/result-display.js';

const DISPLAY = {
  tiles: [
    { summary: 'read', title: 'Read', unit: 'bytes' },
    { summary: 'rows', title: 'Rows', unit: 'count' },
    { summary: 'rows', title: 'Rows per second', unit: 'per_second' },
    { summary: 'skipped', title: 'Skipped', unit: 'count' },
  ],
  charts: [],
  row_number: 'Place',
  empty_reason: null,
};
const aJob = (summary) => ({ type: 'scan', status: 'SUCCEEDED', duration_ms: 2_000, summary });

test('tiles are in the order of the type, then other numbers under their own names', () => {
  const summary = { mean_length: '2.50', share: 0.1, rows: 3_000, read: 1_204_997, unit: 'bytes', top: [[1, 2]] };

  assert.deepEqual(tilesOf(aJob(summary), DISPLAY), [
    { title: 'Read', text: '1.2 MB' },
    { title: 'Rows', text: '3,000' },
    { title: 'Rows per second', text: '1,500/s' },
    { title: 'mean length', text: '2.50' },
    { title: 'share', text: '0.1' },
  ]);
  assert.deepEqual(tilesOf(aJob(undefined), DISPLAY), []);
});

test('a type that the server no longer has is shown plainly', () => {
  const plain = displayOf(aJob({}), [{ type: 'other', result: DISPLAY }]);

  assert.equal(displayOf(aJob({}), [{ type: 'scan', result: DISPLAY }]), DISPLAY);
  assert.deepEqual(tilesOf(aJob({ rows: '9007199254740993' }), plain), [{ title: 'rows', text: '9,007,199,254,740,993' }]);
  assert.equal(plain.row_number, 'Row');
});

test('bars need both of their columns, and a value', () => {
  const columns = [{ name: 'n', type: 'decimal' }, { name: 'day', type: 'date' }];
  const rows = [['1.50', '2026-11-30'], [null, '2026-12-01'], ['2', null]];

  assert.deepEqual(barsOf({ label: 'day', value: 'n' }, { columns, rows }), [
    { label: '2026-11-30', value: '1.50' },
    { label: 'null', value: '2' },
  ]);
  assert.deepEqual(barsOf({ label: 'n', value: 'day' }, { columns, rows }), []);
  assert.deepEqual(barsOf({ label: 'week', value: 'n' }, { columns, rows }), []);
});

test('a page has at most 10,000 cells, but ten rows', () => {
  const pages = [0, 1, 100, 101, 1_000, 5_000].map((length) => rowsPerPage({ length }));
  assert.deepEqual(pages, [100, 100, 100, 99, 10, 10]);
});

test('rows that the server left out of a page are counted', () => {
  const page = (rows, offset, total) => ({ rows: Array(rows).fill(['x']), offset, limit: 100, total });

  assert.equal(hiddenRows(page(100, 0, 250)), 0);
  assert.equal(hiddenRows(page(50, 200, 250)), 0);
  assert.equal(hiddenRows(page(90, 0, 250)), 10);
  assert.equal(hiddenRows(page(3, 200, '250')), 47);
  assert.equal(hiddenRows(page(0, 300, 250)), 0);
});

test('a search looks in the first column and in texts, or in a line', () => {
  const columns = [
    { name: 'n', type: 'integer' },
    { name: 'a', type: 'string' },
    { name: 'b', type: 'string' },
  ];
  assert.deepEqual(searchedColumns(columns, DISPLAY), [['n'], ['a'], ['b']]);
  assert.deepEqual(searchedColumns(columns.slice(0, 1), DISPLAY), [['n']]);
  assert.deepEqual(searchedColumns([], DISPLAY), []);
  const display = { ...DISPLAY, in_context: { left: 'a', word: 'n', right: 'b' } };
  assert.deepEqual(searchedColumns(columns, display), [['a', 'n', 'b']]);
  assert.deepEqual(searchedColumns(columns.slice(0, 2), display), [['n'], ['a']]);
});

test('a result whose type has no chart is drawn by its first column and its first numbers', () => {
  const column = (name, type) => ({ name, type });
  const page = { columns: [column('year', 'integer'), column('city', 'string'), column('trips', 'integer')], rows: [[2024, 'Bern', 3]] };
  assert.deepEqual(chartOf(page), { label: 'year', value: 'trips' });
  assert.deepEqual(barsOf(chartOf(page), page), [{ label: '2,024', value: 3 }]);
  const one = { columns: [column('n', 'double')], rows: [[1.5], [null], [2]] };
  assert.deepEqual(barsOf(chartOf(one), one), [{ label: '1', value: 1.5 }, { label: '3', value: 2 }]);
  assert.equal(chartOf({ columns: [column('word', 'string')] }), null);
  assert.equal(chartOf({ columns: [] }), null);
});
