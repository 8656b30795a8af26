import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFolder } from '../../main/resources/static/js/lib/dropped-files.js';
import { isTabular, rowsOf } from '../../main/resources/static/js/lib/table-lines.js';

const table = (format, ...names) => ({ format, columns: names.map((name) => ({ name })) });

test('lines of CSV become rows, without the heading', () => {
  assert.deepEqual(rowsOf(['a,b', '1,"x, ""y"""', '2,'], false, table('csv', 'a', 'b')), [['1', 'x, "y"'], ['2', '']]);
  assert.deepEqual(rowsOf(['1;x', '2;y'], false, table('csv', '_c0', '_c1')), [['1', 'x'], ['2', 'y']]);
  assert.deepEqual(rowsOf(['a\tb', '1\t"two', 'lines"'], false, table('tsv', 'a', 'b')), [['1', 'two\nlines']]);
  assert.deepEqual(rowsOf(['a', '', '1'], false, table('csv', 'a')), [['1']]);
  // The last row goes on after the lines.
  assert.deepEqual(rowsOf(['a,b', '1,x', '2,"y'], true, table('csv', 'a', 'b')), [['1', 'x']]);
});

test('lines of JSON become rows', () => {
  assert.deepEqual(rowsOf(['{"a":1,"b":[1]}', '{"b":null}'], false, table('json', 'a', 'b')), [['1', '[1]'], ['', '']]);
  assert.equal(rowsOf(['[', '1', ']'], false, table('json', 'a')), null);
});

test('lines that are no table stay lines', () => {
  assert.equal(rowsOf(['to be, or not'], false, table('text', 'value')), null);
  assert.equal(rowsOf(['a,b,c'], false, table('csv', 'a', 'b')), null);
  assert.equal(rowsOf(['a,b', `1,${'x'.repeat(500)}`], false, table('csv', 'a', 'b')), null);
  assert.equal(rowsOf([], false, table('csv', 'a', 'b')), null);
  assert.deepEqual(['a.csv.gz', 'b/C.PARQUET', 'a.txt', 'csv'].map(isTabular), [true, true, false, false]);
});

test('a folder keeps its structure, without hidden files', () => {
  const files = ['a.txt', 'in/b.txt', 'in/.DS_Store', '.git/config', '_one'].map((path) => ({ file: null, path }));
  const { files: all, hidden } = inFolder(files, '/lesson 1/ ');
  assert.deepEqual(all.map(({ path }) => path), ['lesson 1/a.txt', 'lesson 1/in/b.txt', 'lesson 1/_one']);
  assert.equal(hidden, 2);
});
