import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseAt, phasesOf, unfolded } from '../../main/resources/static/js/lib/log-phases.js';

const at = (second) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
const line = (n, text, level = 'INFO') => ({ n, time: at(n), level, text });
const LINES = [
  line(0, 'Attempt 1 of 2 starts'),
  line(1, 'Phase: reading'),
  line(2, 'a'),
  line(4, 'Phase: counting'),
  line(5, 'Phase: not by the server', 'WARN'),
  line(9, 'Attempt 2 of 2 starts'),
  line(10, 'b'),
  line(12, 'Phase: writing'),
  line(13, 'c'),
];

test('a phase ends with the next, with its attempt or with the job', () => {
  assert.deepEqual(phasesOf(LINES, at(20)), [
    { n: 1, name: 'reading', lines: 1, ms: 3000 },
    { n: 4, name: 'counting', lines: 1, ms: 5000 },
    { n: 12, name: 'writing', lines: 1, ms: 8000 },
  ]);
  assert.equal(phasesOf(LINES, null).at(-1).ms, null);
  assert.deepEqual(phasesOf([], null), []);
});

test('of a folded phase only the first line is shown', () => {
  const phases = phasesOf(LINES, null);
  assert.deepEqual(unfolded(LINES, phases, new Set([1, 12])).map(({ n }) => n), [0, 1, 4, 5, 9, 10, 12]);
  assert.equal(unfolded(LINES, phases, new Set()), LINES);
});

test('a line is in the phase before it, unless its attempt is another', () => {
  const phases = phasesOf(LINES, null);
  const names = [0, 1, 2, 4, 5, 9, 10, 13].map((n) => phaseAt(n, LINES, phases)?.name);
  assert.deepEqual(names, [undefined, 'reading', 'reading', 'counting', 'counting', undefined, undefined, 'writing']);
});
