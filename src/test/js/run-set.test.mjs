import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  GONE,
  columnsOf,
  commonFolder,
  countsOf,
  nextSort,
  rowName,
  rowStatus,
  sorted,
  updated,
} from '../../main/resources/static/js/lib/run-set.js';

const SPECS = [
  { name: 'input', kind: 'dataset', title: 'Dataset' },
  { name: 'top', kind: 'integer', title: 'Top' },
];
const TILES = [
  { summary: 'words', title: 'Words', unit: 'count' },
  { summary: 'bytes_read', title: 'Read', unit: 'bytes' },
  { summary: 'words', title: 'Words per second', unit: 'per_second' },
];
const SET = { for_each: { input: ['u/a/t2.txt', 'u/a/t10.txt'], top: [1] }, params: { delay_seconds: 1 } };
const row = (id, input, more = {}) => ({ job_id: id, status: 'SUCCEEDED', params: { input, top: 1 }, duration_ms: 1500, summary: null, error: null, ...more });
const ROWS = [
  row('1', 'u/a/t10.txt', { summary: { words: 9, odd_ones: 1 } }),
  row('2', 'u/a/t2.txt', { summary: { words: '9007199254740993', bytes_read: 1200 } }),
  row('3', 'u/a/t3.txt', { status: 'FAILED', error: { message: 'Not a text' } }),
  row('4', 'u/a/t4.txt', { status: GONE, duration_ms: null }),
];
const COLUMNS = columnsOf(SET, ROWS, SPECS, TILES);
const ids = (rows) => rows.map((known) => known.job_id).join('');

test('the columns are the parameters that vary, status, duration and the numbers of the summaries', () => {
  assert.deepEqual(COLUMNS.map(({ title }) => title), ['Dataset', 'Top', 'Status', 'Duration', 'Words', 'Read', 'odd ones']);
  const texts = (shown) => COLUMNS.map((column) => column.text(shown));
  assert.deepEqual(texts(ROWS[0]), ['t10.txt', '1', 'Succeeded', '500 ms', '9', '–', '1'], 'without its folder and its delay');
  assert.deepEqual(texts(ROWS[1]), ['t2.txt', '1', 'Succeeded', '500 ms', '9,007,199,254,740,993', '1.2 kB', '–']);
  assert.deepEqual(texts(ROWS[3]), ['t4.txt', '1', 'Gone', '–', '–', '–', '–']);
  assert.equal(rowName(ROWS[0], COLUMNS), 't10.txt, 1');
  assert.equal(rowName(ROWS[0], []), '1');
  assert.equal(rowStatus({ status: 'RUNNING' }), 'Running');
});

test('paths are shown without the folder that contains all of them', () => {
  assert.equal(commonFolder(['u/a/1.txt', 'u/a/2.txt']), 'u/a/');
  assert.equal(commonFolder(['u/a/1.txt', 'u/ab/2.txt']), 'u/');
  assert.equal(commonFolder(['u/1.txt', 's/2.txt']), '');
  assert.equal(commonFolder(['u/a', 'u/a/b/1.txt']), 'u/');
});

test('rows are sorted by numbers or texts in both directions, those without a value are last', () => {
  const by = (sort) => ids(sorted(ROWS, sort, COLUMNS));
  assert.equal(by(''), '1234');
  assert.equal(by('nothing'), '1234');
  assert.equal(by('summary.words'), '1234');
  assert.equal(by('-summary.words'), '2134');
  assert.equal(by('params.input'), '2341', 't2 before t10');
  assert.deepEqual(['', 'a', '-a', 'b'].map((sort) => nextSort(sort, 'a')), ['a', '-a', '', 'a']);
});

test('rows are counted by status', () => {
  assert.deepEqual(countsOf(ROWS), { SUCCEEDED: 2, FAILED: 1, GONE: 1 });
});

test('what events say of a job is shown until its row is loaded', () => {
  const running = row('5', 'a', { status: 'RUNNING' });
  assert.equal(updated(running, { status: 'FAILED', error: { message: 'x' } }).error.message, 'x');
  assert.equal(updated(running, undefined), running);
  assert.equal(updated(ROWS[0], { status: 'RUNNING' }), ROWS[0]);
  assert.equal(updated(ROWS[3], { status: 'RUNNING' }), ROWS[3]);
});
