import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathsOf, seriesOf } from '../../main/resources/static/js/lib/box-history.js';

const NOW = Date.parse('2026-11-30T21:00:00Z');
const at = (minutes, value) => ({ at: new Date(NOW - minutes * 60_000).toISOString(), value });

test('a series is of the last hour, and leaves out what was not measured', () => {
  const series = seriesOf([at(90, 9), at(60, 1), at(30, null), at(15, 4), at(0, 1)], NOW, (sample) => sample.value);
  assert.deepEqual(series, { points: [[0, 1], [0.75, 4], [1, 1]], last: 1, mean: 2, max: 4 });
  assert.equal(seriesOf([at(1, undefined)], NOW, (sample) => sample.value), null);
});

test('a line has its highest value at the top, and does not leave its picture', () => {
  assert.deepEqual(pathsOf([[0, 0], [0.5, 2], [1, 9]], 4, 100, 40), { line: 'M0.0 40.0L50.0 20.0L100.0 0.0', area: 'M0.0 40L0.0 40.0L50.0 20.0L100.0 0.0L100.0 40Z' });
});
