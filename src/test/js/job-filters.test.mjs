import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiQuery, dateField, directionOf, foldedFilters, isFiltered, labelText, nextSort, toggled } from '../../main/resources/static/js/lib/job-filters.js';
import { href, parse, search, valuesOf } from '../../main/resources/static/js/lib/router.js';

const NOW = new Date(2026, 10, 30, 21, 15);

function times(query) {
  const { since, until } = apiQuery(query, 'ada', NOW);
  return [since, until].map((time) => time && dateField(new Date(time)));
}

test('an address keeps several statuses and labels, whatever is in them', () => {
  const { query } = parse('#/jobs?status=FAILED&status=RUNNING&label=a&label=b%3Ac%2C+d%26&label=a&q=x&q=y');
  assert.deepEqual(valuesOf(query.status), ['FAILED', 'RUNNING']);
  assert.deepEqual(valuesOf(query.label), ['a', 'b:c, d&']);
  assert.equal(query.q, 'y');
  assert.deepEqual(parse(href('jobs', { ...query, page: 2 })).query, { ...query, label: 'a\nb:c, d&', page: '2' });
  assert.equal(search(apiQuery(query, 'ada', NOW)), '?status=FAILED&status=RUNNING&label=a&label=b%3Ac%2C+d%26&q=y');
  assert.deepEqual(toggled(query.status, 'FAILED'), ['RUNNING']);
  assert.deepEqual(toggled(undefined, 'FAILED'), ['FAILED']);
});

test('times are whole days of the reader', () => {
  assert.deepEqual(times({}), [undefined, undefined]);
  assert.deepEqual(times({ time: 'today' }), ['2026-11-30', undefined]);
  assert.deepEqual(times({ time: 'yesterday' }), ['2026-11-29', '2026-11-30']);
  assert.deepEqual(times({ time: 'week' }), ['2026-11-24', undefined]);
  assert.deepEqual(times({ from: '2026-02-27', to: '2026-02-28' }), ['2026-02-27', '2026-03-01']);
  assert.deepEqual(times({ time: 'toString', from: 'yesterday', to: '' }), [undefined, undefined]);
});

test('mine is who reads', () => {
  assert.equal(apiQuery({ mine: 'yes', by: 'bo' }, 'ada', NOW).submitted_by, 'ada');
  assert.equal(apiQuery({ by: 'bo' }, 'ada', NOW).submitted_by, 'bo');
});

test('a click on a column sorts by it, the next one the other way round', () => {
  assert.deepEqual(['name', 'duration_ms', 'submitted_at'].map((column) => nextSort(column, undefined)), ['name', '-duration_ms', 'submitted_at']);
  assert.equal(nextSort('name', 'name'), '-name');
  assert.equal(nextSort('name', '-name'), 'name');
  assert.equal(nextSort('submitted_at', 'name'), null);
  assert.equal(directionOf('submitted_at'), 'descending');
  assert.equal(directionOf('submitted_at', 'name'), null);
});

test('pages and orders leave out no job', () => {
  assert.equal(isFiltered({ page: '2', sort: 'name', q: '' }), false);
  assert.equal(isFiltered({ label: 'a' }), true);
  assert.deepEqual(['run:42', 'final', 'a:b:c'].map(labelText), ['run: 42', 'final', 'a: b:c']);
});

test('a phone names each filter that it folds away, with what removes it', () => {
  const types = [{ type: 'sql', title: 'SQL query' }];
  assert.deepEqual(foldedFilters({ q: 'x', status: 'FAILED', label: 'a', sort: '', page: '2' }, types), []);
  assert.deepEqual(foldedFilters({ type: 'sql', by: 'bo', time: 'yesterday', sort: '-duration_ms' }, types), [
    ['SQL query', { type: null }],
    ['by bo', { by: null }],
    ['yesterday', { time: null }],
    ['longest first', { sort: null }],
  ]);
  assert.deepEqual(foldedFilters({ type: 'gone', mine: 'yes', by: 'bo', time: 'toString', from: '2026-11-30' }, []), [
    ['gone', { type: null }],
    ['mine', { mine: null }],
    ['from 2026-11-30', { from: null }],
  ]);
});
