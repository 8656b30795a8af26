import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as log from '../../main/resources/static/js/lib/log-range.js';
import * as text from '../../main/resources/static/js/lib/log-text.js';

const line = (n, level = 'INFO') => ({ n, time: '2026-01-05T10:00:00.000Z', level, text: `line ${n}` });
const piece = (from, next) => ({ from, next, lines: Array.from({ length: next - from }, (_, i) => line(from + i)) });
const numbers = (range) => range.lines.map(({ n }) => n);

test('overlapping pages and live lines are merged, each line once', () => {
  let range = piece(10, 20);
  range = log.merge(range, piece(15, 25), 'end');
  range = log.merge(range, piece(5, 12), 'start');
  range = log.merge(range, piece(5, 25), 'end');
  assert.deepEqual(numbers(range), numbers(piece(5, 25)));
  assert.deepEqual([range.from, range.next], [5, 25]);
});

test('known lines change nothing, so nothing is redrawn', () => {
  const range = piece(10, 20);
  assert.equal(log.merge(range, piece(12, 15), 'end'), range);
});

test('ranges with a gap are not merged', () => {
  const range = piece(10, 20);
  assert.equal(log.merge(range, piece(21, 25), 'end'), range);
  assert.equal(log.touches(range, piece(21, 25)), false);
  assert.equal(log.touches(range, piece(20, 25)), true);
  assert.equal(log.touches(range, piece(5, 9)), false);
});

test('a range is bounded and keeps the end that is read', () => {
  const full = piece(0, log.MAX_LINES);
  const grown = log.merge(full, piece(log.MAX_LINES, log.MAX_LINES + 10), 'end');
  assert.deepEqual([grown.lines.length, grown.from, grown.next], [log.MAX_LINES, 10, log.MAX_LINES + 10]);
  const back = log.merge(grown, piece(0, 10), 'start');
  assert.deepEqual([back.lines.length, back.from, back.next], [log.MAX_LINES, 0, log.MAX_LINES]);
});

test('a range covers the lines that a filter removed', () => {
  const filtered = log.atLeast({ from: 0, next: 3, lines: [line(0), line(1, 'ERROR'), line(2, 'WARN')] }, 'WARN');
  assert.deepEqual(numbers(filtered), [1, 2]);
  const merged = log.merge(filtered, { from: 3, next: 9, lines: [] }, 'end');
  assert.deepEqual([merged.next, merged.lines.length], [9, 2]);
});

test('an empty range can grow', () => {
  assert.deepEqual(numbers(log.merge({ from: 0, next: 0, lines: [] }, piece(0, 2), 'end')), [0, 1]);
});

test('all matches are marked, and the text is complete', () => {
  const parts = text.highlight('Error: no error here', 'ERROR');
  assert.deepEqual(
    parts.filter(({ isMatch }) => isMatch).map(({ text }) => text),
    ['Error', 'error'],
  );
  assert.equal(parts.map(({ text }) => text).join(''), 'Error: no error here');
  assert.deepEqual(text.highlight('İstanbul', 'stan'), [{ text: 'İstanbul', isMatch: false }]);
  assert.deepEqual(text.highlight('a.b', ''), [{ text: 'a.b', isMatch: false }]);
});

test('chunks keep their lines if lines are added before or after', () => {
  const keys = (range) => text.chunks(range.lines).map(({ key, lines }) => [key, lines.length]);
  assert.deepEqual(keys(piece(50, 250)), [
    [0, 50],
    [1, 100],
    [2, 50],
  ]);
});

test('the time of a line is in the reader’s time zone', () => {
  const before = process.env.TZ;
  try {
    process.env.TZ = 'Asia/Kolkata';
    assert.equal(text.lineTime({ time: '2026-01-05T10:00:01.007Z' }), '15:30:01.007');
    assert.equal(text.lineTime({ time: null }), '');
    assert.equal(text.lineTime({ time: 'yesterday' }), '');
  } finally {
    if (before === undefined) {
      delete process.env.TZ;
    } else {
      process.env.TZ = before;
    }
  }
});
