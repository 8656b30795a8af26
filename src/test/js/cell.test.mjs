import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64Size, cellText, exactText, numberText } from '../../main/resources/static/js/lib/cell.js';

const shown = (value, type) => cellText(value, { type });
const copied = (value, type) => exactText(value, { type });

test('numbers keep all of their digits', () => {
  const cases = [
    [21455, '21,455'],
    ['9223372036854775807', '9,223,372,036,854,775,807'],
    ['-12345678901234567890123456789012.345600', '-12,345,678,901,234,567,890,123,456,789,012.345600'],
    ['0.00', '0.00'],
    [-1234.5, '-1,234.5'],
    [0.1, '0.1'],
    [-0, '-0'],
    [1e21, '1e+21'],
    [1.5e-7, '1.5e-7'],
    ['NaN', 'NaN'],
    ['-Infinity', '-Infinity'],
  ];
  for (const [value, text] of cases) {
    assert.equal(numberText(value), text);
  }
  assert.equal(shown('1234.50', 'decimal'), '1,234.50');
});

test('times are readable, without their zone', () => {
  assert.equal(shown('2026-11-30T12:00:00.123456Z', 'timestamp'), '2026-11-30 12:00:00.123456');
  assert.equal(shown('2026-11-30T12:00:00', 'timestamp_ntz'), '2026-11-30 12:00:00');
  assert.equal(shown('2026-11-30', 'date'), '2026-11-30');
});

test('JSON is one line with spaces', () => {
  assert.equal(shown({ a: [1, 'b\n  c'], d: null }, 'json'), '{ "a": [ 1, "b\\n  c" ], "d": null }');
  assert.equal(shown('not JSON', 'json'), '"not JSON"');
});

test('values are copied as in the data', () => {
  assert.equal(copied('1234567.50', 'decimal'), '1234567.50');
  assert.equal(copied(1234567, 'integer'), '1234567');
  assert.equal(copied(-0, 'double'), '-0');
  assert.equal(copied('2026-11-30T12:00:00Z', 'timestamp'), '2026-11-30T12:00:00Z');
  assert.equal(copied({ a: '9007199254740993' }, 'json'), '{"a":"9007199254740993"}');
  assert.equal(copied(null, 'string'), '');
});

test('the size of binary data is that of its bytes', () => {
  for (const length of [0, 1, 2, 3, 4, 100]) {
    assert.equal(base64Size(Buffer.alloc(length).toString('base64')), length);
  }
});
