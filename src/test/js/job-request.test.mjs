import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrors, nextAttempt, requestOf, typeOf, valueOf } from '../../main/resources/static/js/lib/job-request.js';

const spec = (name, kind, value = null) => ({ name, kind, title: name, default: value });
const TYPE = {
  type: 'word-count',
  params: [
    spec('input', 'dataset', 'samples/moby-dick.txt'),
    spec('case_sensitive', 'boolean', false),
    spec('min_length', 'integer', 1),
    spec('note', 'string'),
  ],
};
const draft = (params = {}, name = '') => ({ type: 'word-count', name, params });

test('an untouched form sends the defaults, and no empty fields', () => {
  assert.deepEqual(requestOf(draft(), TYPE), {
    type: 'word-count',
    params: { input: 'samples/moby-dick.txt', case_sensitive: false, min_length: 1 },
  });
  assert.equal(requestOf(draft({}, '  Mine '), TYPE).name, 'Mine');
});

test('a number is sent as a number, anything else as text', () => {
  const sent = (text) => requestOf(draft({ min_length: text }), TYPE).params.min_length;
  assert.equal(sent(' 12 '), 12);
  assert.equal(sent('-3'), -3);
  assert.equal(sent('abc'), 'abc');
  assert.equal(sent('1.5'), '1.5');
  assert.equal(sent('1e3'), '1e3');
  assert.equal(sent('9007199254740993'), '9007199254740993', 'it would be rounded');
  assert.equal(sent(''), undefined);
});

test('typed text replaces the default, even if it is empty', () => {
  assert.equal(valueOf(TYPE.params[0], draft({ input: '' })), '');
  assert.equal(valueOf(TYPE.params[1], draft({ case_sensitive: true })), true);
  assert.equal(valueOf(TYPE.params[3], draft()), '');
});

test('a draft of an unknown type becomes one of the first type', () => {
  assert.equal(typeOf({ type: 'sql' }, [TYPE]), TYPE);
});

test('errors belong to their fields, or to none', () => {
  const error = {
    message: 'The job cannot be accepted',
    errors: [
      { field: 'params.input', message: 'does not exist' },
      { field: 'params.min_length', message: 'must be a whole number' },
      { field: 'params.min_length', message: 'and a small one' },
      { field: 'other', message: 'is unknown' },
    ],
  };
  assert.deepEqual(fieldErrors(error, TYPE), {
    'params.input': 'does not exist',
    'params.min_length': 'must be a whole number; and a small one',
    '': 'other: is unknown',
  });
  assert.deepEqual(fieldErrors({ message: 'The queue is full', errors: [] }, TYPE), { '': 'The queue is full' });
});

test('the same request has the same key, another request another key', () => {
  let keys = 0;
  const newKey = () => `key ${++keys}`;
  const first = nextAttempt(null, { type: 'a' }, newKey);
  assert.equal(nextAttempt(JSON.parse(JSON.stringify(first)), { type: 'a' }, newKey).key, 'key 1');
  assert.equal(nextAttempt(first, { type: 'b' }, newKey).key, 'key 2');
});
