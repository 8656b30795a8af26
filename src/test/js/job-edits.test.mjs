import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editsOf, merged, patchOf } from '../../main/resources/static/js/lib/job-edits.js';
import { labelsOf } from '../../main/resources/static/js/lib/job-request.js';

const JOB = { name: 'Speeches', note: null, labels: { run: '42: b', final: '' } };

test('labels are lines of a text', () => {
  assert.deepEqual(editsOf(JOB), { name: 'Speeches', note: '', labels: 'run: 42: b\nfinal' });
  assert.deepEqual(labelsOf(editsOf(JOB).labels), JOB.labels);
  assert.deepEqual(labelsOf(' \n a :  b \n\n'), { a: 'b' });
});

test('a patch has only what was changed', () => {
  const before = editsOf(JOB);
  assert.deepEqual(patchOf(before, { ...before }), {});
  assert.deepEqual(patchOf(before, { name: ' ', note: 'See p. 3\n', labels: 'run: 43\nnew' }), {
    name: null,
    note: 'See p. 3',
    labels: { final: null, run: '43', new: '' },
  });
  assert.deepEqual(patchOf({ ...before, note: 'x' }, before), { note: null });
});

test('what only one of two has changed is no conflict', () => {
  const base = { name: 'a', note: '', labels: '' };
  assert.deepEqual(merged(base, { ...base, note: 'mine' }, { ...base, name: 'b' }), {
    fields: { name: 'b', note: 'mine', labels: '' },
    conflicts: [],
  });
  assert.deepEqual(merged(base, { ...base, note: 'mine' }, { ...base, note: 'theirs' }), {
    fields: { ...base, note: 'mine' },
    conflicts: ['note'],
  });
});
