import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBackwards, findForwards, readBackwards, readSpan } from '../../main/resources/static/js/lib/log-reader.js';

/** A paged log: a page ends after so many lines read, or so many that pass the filter. */
function logOf({ total, most, first = 0, passes = () => true, ends = Infinity }) {
  const requests = [];
  const read = async ({ from, limit }) => {
    requests.push(from);
    if (requests.length > ends) {
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
  return { read, requests };
}

const numbers = (piece) => piece.lines.map(({ n }) => n);
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

test('a span is complete even if the server ends its pages early', async () => {
  const { read, requests } = logOf({ total: 100, most: 7 });
  const piece = await readSpan(read, 10, 40);
  assert.deepEqual(numbers(piece), range(10, 40));
  assert.deepEqual([piece.from, piece.next], [10, 40]);
  assert.equal(requests.length, 5);
});

test('a filtered span has no lines beyond its end', async () => {
  const { read } = logOf({ total: 100, most: 1000, passes: (n) => n % 10 === 0 });
  const piece = await readSpan(read, 10, 40);
  assert.deepEqual([numbers(piece), piece.next], [[10, 20, 30], 40]);
});

test('a span begins with the first line that is kept', async () => {
  const { read } = logOf({ total: 100, most: 1000, first: 25 });
  const piece = await readSpan(read, 10, 40);
  assert.deepEqual([piece.from, numbers(piece)], [25, range(25, 40)]);
});

test('pieces read backwards have no gaps and reach the first line', async () => {
  const { read } = logOf({ total: 5000, most: 90, first: 100 });
  let to = 3000;
  for await (const piece of readBackwards(read, 3000, 100, 1000)) {
    assert.equal(piece.next, to);
    assert.deepEqual(numbers(piece), range(piece.from, to));
    to = piece.from;
  }
  assert.equal(to, 100);
});

test('pieces grow if few lines pass the filter', async () => {
  const { read, requests } = logOf({ total: 1_000_000, most: 1e9, passes: (n) => n === 3 });
  assert.equal(await findBackwards(read, 1_000_000, 0, () => true), 3);
  assert.ok(requests.length < 8, `${requests.length} requests`);
});

test('a match is found beyond the first page', async () => {
  const log = logOf({ total: 1000, most: 10 });
  assert.equal(await findForwards(log.read, 5, ({ n }) => n === 777), 777);
  assert.equal(await findBackwards(log.read, 1000, 0, ({ n }) => n === 995 || n === 3), 995);
  assert.equal(await findForwards(log.read, 5, ({ n }) => n === 3), null);
  assert.equal(await findBackwards(log.read, 500, 0, ({ n }) => n === 777), null);
});

test('an aborted search is not one without a match', async () => {
  const nothing = () => false;
  assert.equal(await findForwards(logOf({ total: 1000, most: 10, ends: 3 }).read, 0, nothing), undefined);
  assert.equal(await findBackwards(logOf({ total: 1000, most: 10, ends: 3 }).read, 1000, 0, nothing), undefined);
});
