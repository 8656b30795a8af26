import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, hasEnough, logScale, nearest, slopeSentence, ticks } from '../../main/resources/static/js/lib/zipf.js';

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test('the fit finds the slope of the points', () => {
  const { slope, intercept } = fit([1, 2, 5, 10, 100, 1000].map((rank) => [rank, 5000 * rank ** -1.07]));
  near(slope, -1.07);
  near(intercept, Math.log10(5000));
});

test('one rank has no slope', () => {
  assert.equal(fit([[1, 10]]), null);
  assert.equal(fit([]), null);
});

test('a logarithmic scale gives each decade the same space', () => {
  const x = logScale(1000, 10, 310);
  near(x(1), 10);
  near(x(10), 110);
  near(x(100), 210);
  near(x(1000), 310);
  assert.ok(Number.isFinite(logScale(1, 0, 100)(1)));
});

test('an axis has at least two labels, and no more than fit', () => {
  assert.deepEqual(ticks(1, 10), [1, 2]);
  assert.deepEqual(ticks(7, 10), [1, 2, 5]);
  assert.deepEqual(ticks(40, 10), [1, 2, 5, 10, 20]);
  assert.deepEqual(ticks(30_649, 10), [1, 10, 100, 1000, 10_000]);
  assert.deepEqual(ticks(30_649, 3), [1, 100, 10_000]);
});

test('the nearest position is found, or none', () => {
  assert.equal(nearest([10, 20, 40], 31), 2);
  assert.equal(nearest([10, 20, 40], -5), 0);
  assert.equal(nearest([], 3), -1);
});

test('a slope has a meaning, unless there is too little text for one', () => {
  const points = (slope, last = 10_000) => [1, 10, 100, last].map((rank) => [rank, 5000 * rank ** slope]);
  assert.match(slopeSentence(points(-1.05)), /^A word at ten times the rank is about 11 times as rare; .*This text is close to it\.$/);
  assert.match(slopeSentence(points(-0.7)), /about 5\.0 times as rare.*more evenly/);
  assert.match(slopeSentence(points(-1.4)), /about 25 times as rare.*larger share/);
  assert.deepEqual([hasEnough(points(-1)), hasEnough(points(-1).slice(0, 2)), hasEnough([])], [true, false, false]);
  assert.equal(hasEnough([[1, 9], [200, 1]]), false, 'no word occurs often');
  assert.match(slopeSentence([[1, 3], [2, 1]]), /^There is too little text for a slope/);
});
