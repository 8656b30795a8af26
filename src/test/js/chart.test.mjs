import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisOf, binsOf, chartOf, firstChart, niceStep, numberOf, pointsOf } from '../../main/resources/static/js/lib/chart.js';

const column = (name, type) => ({ name, type });
const COLUMNS = [column('day', 'date'), column('city', 'string'), column('n', 'integer'), column('price', 'decimal')];
const texts = ({ ticks }) => ticks.map(({ text }) => text);

test('the first chart suits the columns', () => {
  assert.deepEqual(firstChart(COLUMNS), { kind: 'line', x: 'day', y: 'n' });
  assert.deepEqual(firstChart(COLUMNS.slice(1)), { kind: 'bars', x: 'city', y: 'n' });
  assert.deepEqual(firstChart(COLUMNS.slice(2)), { kind: 'scatter', x: 'n', y: 'price' });
  assert.equal(firstChart(COLUMNS.slice(2, 3)).kind, 'histogram');
  assert.equal(firstChart(COLUMNS.slice(0, 2)), null);
});

test('a chart of the address has columns that fit it', () => {
  assert.equal(chartOf({}, COLUMNS), null);
  assert.equal(chartOf({ chart: 'pie' }, COLUMNS), null);
  assert.equal(chartOf({ chart: '__proto__' }, COLUMNS), null);
  const scatter = chartOf({ chart: 'scatter', x: 'city', y: 'day', log: 'xy' }, COLUMNS);
  assert.deepEqual([scatter.x.name, scatter.y.name, scatter.logX, scatter.logY], ['day', 'n', true, true]);
  const bars = chartOf({ chart: 'bars', x: 'city', y: 'price', log: 'x' }, COLUMNS);
  assert.deepEqual([bars.x.name, bars.y.name, bars.logX], ['city', 'price', false]);
});

test('values become numbers, or have no place', () => {
  assert.equal(numberOf('9007199254740993', column('', 'integer')), 9007199254740992);
  assert.equal(numberOf('1970-01-02', column('', 'date')), 86_400_000);
  assert.equal(numberOf('1970-01-01T00:00:01.500123Z', column('', 'timestamp')), 1500);
  assert.equal(numberOf('1970-01-01T00:00:01', column('', 'timestamp_ntz')), 1000);
  for (const nothing of [null, 'NaN', '-Infinity']) {
    assert.equal(numberOf(nothing, column('', 'double')), null);
  }
});

test('points without a place are counted, and lines go from left to right', () => {
  const rows = [['2026-01-02', 'b', 2, null], ['2026-01-01', 'a', 1, '1.5'], [null, null, 3, '-2']];
  const line = chartOf({ chart: 'line', x: 'day', y: 'n' }, COLUMNS);
  const { points, left } = pointsOf(line, COLUMNS, rows);
  assert.deepEqual(points.map(({ label, y }) => [label, y]), [['2026-01-01', 1], ['2026-01-02', 2]]);
  assert.equal(left, 1);
  const bars = pointsOf(chartOf({ chart: 'bars', x: 'city', y: 'price' }, COLUMNS), COLUMNS, rows);
  assert.deepEqual(bars.points, [{ x: 0, y: 1.5, label: 'a' }, { x: 1, y: -2, label: 'null' }]);
  const log = pointsOf(chartOf({ chart: 'bars', x: 'city', y: 'price', log: 'y' }, COLUMNS), COLUMNS, rows);
  assert.deepEqual([log.points.length, log.left], [1, 2]);
});

test('bins have every value once', () => {
  const values = [0, 1, 1, 9.99, 10, 25, 100];
  const bins = binsOf(values, false, 10);
  assert.equal(bins.reduce((sum, { count }) => sum + count, 0), values.length);
  assert.deepEqual([bins[0].from, bins[0].to, bins[0].count], [0, 10, 4]);
  assert.deepEqual(bins.at(-1), { from: 100, to: 110, count: 1 });
  const log = binsOf([1, 10, 100, 1000], true, 3);
  assert.deepEqual(log.map(({ count }) => count), [1, 1, 2]);
  assert.deepEqual(binsOf([5, 5], false, 10).reduce((sum, { count }) => sum + count, 0), 2);
  assert.deepEqual(binsOf([], false, 10), []);
});

test('steps are 1, 2 or 5 times a power of ten', () => {
  assert.deepEqual([0.03, 1, 1.1, 4, 7, 1200].map(niceStep), [0.05, 1, 2, 5, 10, 2000]);
});

test('axes have round ticks, and place their ends', () => {
  const linear = axisOf('linear', [0.1, 0.72], [0, 100], 5);
  assert.deepEqual(texts(linear), ['0', '0.2', '0.4', '0.6', '0.8']);
  assert.deepEqual([linear.place(0), linear.place(0.8)], [0, 100]);
  assert.equal(texts(axisOf('linear', [7, 7], [0, 100], 5)).length >= 2, true);
  const log = axisOf('log', [3, 40_000], [0, 100], 6);
  assert.deepEqual(texts(log), ['1', '10', '100', '1,000', '10,000', '100,000']);
  assert.equal(Math.round(log.place(10)), 20);
  assert.deepEqual(texts(axisOf('log', [2, 60], [0, 100], 6)), ['1', '2', '5', '10', '20', '50', '100']);
});

test('axes of times have ticks at full hours, days, months or years', () => {
  const ticks = (from, to) => texts(axisOf('time', [Date.parse(from), Date.parse(to)], [0, 100], 5));
  assert.deepEqual(ticks('2026-01-01T00:10:00Z', '2026-01-01T03:50:00Z'), ['01:00', '02:00', '03:00']);
  assert.deepEqual(ticks('2026-01-01', '2026-01-04'), ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04']);
  assert.deepEqual(ticks('2025-12-15', '2026-04-20'), ['2026-01', '2026-02', '2026-03', '2026-04']);
  assert.deepEqual(ticks('2001-06-01', '2019-06-01'), ['2005', '2010', '2015']);
});

test('what is at the edge of numbers and dates is drawn, too', () => {
  const ticks = texts(axisOf('time', [Date.parse('2026-01-01'), Date.parse('+275000-01-01')], [0, 100], 5));
  assert.deepEqual(ticks, ['100000', '200000']);
  assert.equal(binsOf([0, 5e-324], false, 10).reduce((sum, { count }) => sum + count, 0), 2);
});
