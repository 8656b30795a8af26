import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBackwards, findForwards, readBackwards, readSpan } from '../../main/resources/static/js/lib/log-reader.js';

/** A log as the server pages it: a page ends after so many lines looked at, or so many that pass. */
function logOf({ total, most, first = 0, passes = () => true, ends = Infinity }) {
  const asked = [];
  const read = async ({ from, limit }) => {
    asked.push(from);
    if (asked.length > ends) {
      return null;
    }
    const start = Math.min(total, Math.max(first, from));
    const lines = [];
    let next = start;
    while (next < total && next - start < most && lines.length < limit) {
      if (passes(next)) {
        lines.push({ n: next, text: `line ${next}` });
      }
      next++;
    }
    return { from: start, next, total, truncated_before: first, lines };
  };
  return { read, asked };
}

const numbers = (piece) => piece.lines.map(({ n }) => n);
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

test('a span is whole, however early the server ends its pages', async () => {
  const { read, asked } = logOf({ total: 100, most: 7 });
  const piece = await readSpan(read, 10, 40);
  assert.deepEqual(numbers(piece), range(10, 40));
  assert.deepEqual([piece.from, piece.next], [10, 40]);
  assert.equal(asked.length, 5);
});

test('a span of a level has nothing from beyond its end', async () => {
  const { read } = logOf({ total: 100, most: 1000, passes: (n) => n % 10 === 0 });
  const piece = await readSpan(read, 10, 40);
  assert.deepEqual([numbers(piece), piece.next], [[10, 20, 30], 40]);
});

test('a span begins where lines are still kept', async () => {
  const { read } = logOf({ total: 100, most: 1000, first: 25 });
  const piece = await readSpan(read, 10, 40);
  assert.deepEqual([piece.from, numbers(piece)], [25, range(25, 40)]);
});

test('the pieces before a line touch one another and reach the first line', async () => {
  const { read } = logOf({ total: 5000, most: 90, first: 100 });
  let to = 3000;
  for await (const piece of readBackwards(read, 3000, 100, 1000)) {
    assert.equal(piece.next, to);
    assert.deepEqual(numbers(piece), range(piece.from, to));
    to = piece.from;
  }
  assert.equal(to, 100);
});

test('where few lines pass, the pieces grow', async () => {
  const { read, asked } = logOf({ total: 1_000_000, most: 1e9, passes: (n) => n === 3 });
  assert.equal(await findBackwards(read, 1_000_000, 0, () => true), 3);
  assert.ok(asked.length < 8, `asked ${asked.length} times`);
});

test('a hit is found in what the first page left out', async () => {
  const log = logOf({ total: 1000, most: 10 });
  assert.equal(await findForwards(log.read, 5, ({ n }) => n === 777), 777);
  assert.equal(await findBackwards(log.read, 1000, 0, ({ n }) => n === 995 || n === 3), 995);
  assert.equal(await findForwards(log.read, 5, ({ n }) => n === 3), null);
  assert.equal(await findBackwards(log.read, 500, 0, ({ n }) => n === 777), null);
});

test('to be interrupted is not to find nothing', async () => {
  const nothing = () => false;
  assert.equal(await findForwards(logOf({ total: 1000, most: 10, ends: 3 }).read, 0, nothing), undefined);
  assert.equal(await findBackwards(logOf({ total: 1000, most: 10, ends: 3 }).read, 1000, 0, nothing), undefined);
});
