import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../../main/resources/static/js/lib/format.js';
import { shortCount, shortNumber } from '../../main/resources/static/js/lib/truncate.js';

test('counts are exact beyond 2^53', () => {
  assert.equal(format.count('9223372036854775807'), '9,223,372,036,854,775,807');
  assert.equal(format.count(21455), '21,455');
  assert.equal(format.count(0), '0');
  assert.equal(format.count(999), '999');
  assert.equal(format.count(-1000), '-1,000');
  assert.equal(format.count(-100), '-100');
  assert.equal(format.count(null), '–');
  assert.equal(format.count('1.5'), '–');
});

test('plural follows the number', () => {
  assert.equal(format.plural(1, 'job'), '1 job');
  assert.equal(format.plural('1', 'job'), '1 job');
  assert.equal(format.plural(0, 'job'), '0 jobs');
  assert.equal(format.plural(3, 'entry', 'entries'), '3 entries');
});

test('bytes have the unit that keeps them short', () => {
  const cases = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [240_000, '240 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1_204_997, '1.2 MB'],
    ['9223372036854775807', '9.2 EB'],
  ];
  for (const [value, text] of cases) {
    assert.equal(format.bytes(value), text);
  }
});

test('durations never show sixty seconds or minutes', () => {
  const cases = [
    [0, '0 ms'],
    [812, '812 ms'],
    [999.4, '999 ms'],
    [1000, '1.0 s'],
    [4_249, '4.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [48 * 3_600_000, '2 d 0 h'],
    [-5, '0 ms'],
    [null, '–'],
  ];
  for (const [ms, text] of cases) {
    assert.equal(format.duration(ms), text);
  }
  assert.equal(format.elapsed(59_999), '59 s');
});

test('a percentage is 100 only at the end', () => {
  assert.equal(format.percent(0.999), '99 %');
  assert.equal(format.percent(1), '100 %');
  assert.equal(format.percent(7), '100 %');
});

test('rates survive a duration of zero', () => {
  assert.equal(format.rate(208160, 0), '–');
  assert.equal(format.rate(208160, 1000), '208,160/s');
  assert.equal(format.rate('3000000', 1000), '3.0 million/s');
  assert.equal(format.rate('12499999900000', 1000), '12.5 trillion/s');
  assert.equal(format.rate('99999999999', 1000), '100 billion/s');
  assert.equal(format.rate('9223372036854775807', 1), '9,223,372,037 trillion/s');
});

test('a shortened count keeps its magnitude', () => {
  const cases = [
    [0, '0'],
    [999, '999'],
    [1_234, '1.2k'],
    [999_999, '999k'],
    [1_000_000, '1M'],
    ['1000000000000000', '10¹⁵'],
    ['9223372036854775807', '9.2×10¹⁸'],
    [null, '–'],
  ];
  for (const [value, text] of cases) {
    assert.equal(shortCount(value), text);
  }
  assert.equal(shortNumber(21_455), '21k');
  assert.equal(shortNumber('1234567.50'), '1230000');
  assert.equal(shortNumber(0.012345), '0.0123');
});

test('relative times of another day name the day', () => {
  const now = new Date(2026, 10, 25, 12, 0, 0).getTime();
  const ago = (ms) => format.relative(new Date(now - ms).toISOString(), now);
  assert.equal(ago(2_000), 'just now');
  assert.equal(ago(-60_000), 'just now');
  assert.equal(ago(45_000), '45 s ago');
  assert.equal(ago(5 * 60_000), '5 min ago');
  assert.equal(ago(11 * 3_600_000), '11 h ago');
  assert.equal(ago(13 * 3_600_000), 'yesterday, 23:00');
  assert.equal(ago(21 * 86_400_000), '4 Nov, 12:00');
  assert.equal(ago(365 * 86_400_000), '25 Nov 2025');
  assert.equal(format.relative('no time', now), '–');
});

test('a time zone is its offset from UTC at the given time', () => {
  const { TZ } = process.env;
  const zones = [];
  for (const [zone, time] of [
    ['UTC', '2026-01-05T12:00:00Z'],
    ['Europe/Berlin', '2026-01-05T12:00:00Z'],
    ['Europe/Berlin', '2026-07-05T12:00:00Z'],
    ['America/St_Johns', '2026-01-05T12:00:00Z'],
  ]) {
    process.env.TZ = zone;
    zones.push(format.zone(time));
  }
  if (TZ === undefined) {
    delete process.env.TZ;
  } else {
    process.env.TZ = TZ;
  }
  assert.deepEqual(zones, ['UTC', 'UTC+01:00', 'UTC+02:00', 'UTC−03:30']);
});

test('an estimated time has few digits', () => {
  assert.deepEqual([100, 12_000, 57_000, 59_000, 149_000, 5_400_000].map(format.about), ['about 5 s', 'about 10 s', 'about 55 s', 'about 1 min', 'about 2 min', 'about 2 h']);
});
