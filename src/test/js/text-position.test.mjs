import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeOf } from '../../main/resources/static/js/lib/text-position.js';
import { placeName } from '../../main/resources/static/js/lib/text.js';

/** The part of a text at a position. */
const at = (text, line, column, length) => text.slice(...rangeOf(text, { line, column, length }));

test('lines and columns count from 1', () => {
  assert.equal(at('SELECT a\nFROM b', 1, 8, 1), 'a');
  assert.equal(at('SELECT a\nFROM b', 2, 6, 1), 'b');
  assert.equal(at('\n\nabc', 3, 2, 2), 'bc');
  assert.equal(placeName({ line: 2, column: 6, length: 1 }), 'line 2, column 6');
});

test('a character beyond the first plane counts once', () => {
  assert.equal(at("SELECT '\u{1F600}\u{1F600}', name", 1, 14, 4), 'name');
  assert.equal(at('a\u{1F600}b', 1, 2, 1), '\u{1F600}');
  assert.equal(at('a\u{1F600}b\n\u{1F600}c', 2, 2, 1), 'c');
});

test('a line ends at a line feed, a carriage return, or both', () => {
  assert.equal(at('a\r\nb\rc\nd', 2, 1, 1), 'b');
  assert.equal(at('a\r\nb\rc\nd', 3, 1, 1), 'c');
  assert.equal(at('a\r\nb\rc\nd', 4, 1, 1), 'd');
  assert.equal(at('ab\ncd', 1, 2, 3), 'b\nc', 'a length may go beyond the line');
});

test('a place outside the text is at its end', () => {
  assert.deepEqual(rangeOf('abc', { line: 1, column: 4, length: 0 }), [3, 3]);
  assert.deepEqual(rangeOf('abc', { line: 1, column: 2, length: 9 }), [1, 3]);
  assert.deepEqual(rangeOf('abc', { line: 5, column: 1, length: 1 }), [3, 3]);
});
