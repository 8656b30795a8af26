import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldProblems } from '../../main/resources/static/js/lib/field-problems.js';
import {
  datasetParam,
  givenName,
  jobCount,
  labelsOf,
  labelsText,
  linkedDraft,
  markedParam,
  nextAttempt,
  numberOf,
  requestOf,
  severalText,
  severalValues,
  typeOf,
  valueOf,
  withPreset,
} from '../../main/resources/static/js/lib/job-request.js';

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

test('a value of another kind is not shown', () => {
  assert.deepEqual(valueOf(spec('a', 'datasets'), draft({ a: 'text' })), []);
  assert.equal(valueOf(spec('a', 'text'), draft({ a: ['b/c'] })), '');
  assert.equal(valueOf(spec('a', 'boolean', true), draft({ a: '1' })), true);
});

test('a draft of an unknown type becomes one of the first type', () => {
  assert.equal(typeOf({ type: 'sql' }, [TYPE]), TYPE);
});

test('problems belong to their fields, or to none', () => {
  const position = { line: 2, column: 1, length: 3 };
  const error = {
    message: 'The job cannot be accepted',
    errors: [
      { field: 'params.input', message: 'does not exist' },
      { field: 'params.note', message: 'has no such column', position },
      { field: 'params.note', message: 'is too long' },
      { field: 'other_one', message: 'is unknown' },
      { field: 'params', message: 'must not name more than 100 datasets' },
    ],
  };
  assert.deepEqual(fieldProblems(error, TYPE, { params: {} }), {
    'params.input': [{ message: 'does not exist', position: undefined, item: undefined }],
    'params.note': [
      { message: 'has no such column', position, item: undefined },
      { message: 'is too long', position: undefined, item: undefined },
    ],
    '': [{ message: 'other one: is unknown' }, { message: 'The parameters must not name more than 100 datasets' }],
  });
  assert.deepEqual(fieldProblems({ message: 'The queue is full', errors: [] }, TYPE, { params: {} }), {
    '': [{ message: 'The queue is full' }],
  });
});

test('a problem with an entry of a list names the entry', () => {
  const type = { params: [spec('inputs', 'datasets')] };
  const error = { message: '', errors: [{ field: 'params.inputs[1]', message: 'does not exist' }] };
  assert.deepEqual(fieldProblems(error, type, { params: { inputs: ['a/b', 'a/c'] } }), {
    'params.inputs': [{ message: 'does not exist', position: undefined, item: 'a/c' }],
  });
});

test('a list is sent without its empty rows, and not at all if all are empty', () => {
  const type = { type: 'query', params: [spec('inputs', 'datasets'), spec('query', 'text')] };
  const sent = (inputs) => requestOf({ name: '', params: { inputs } }, type).params.inputs;
  assert.deepEqual(valueOf(type.params[0], { params: {} }), []);
  assert.equal(sent([]), undefined);
  assert.equal(sent(['', '']), undefined);
  assert.deepEqual(sent(['a/b', '', 'a/c', '']), ['a/b', 'a/c']);
  assert.equal(datasetParam(type).name, 'inputs');
  assert.equal(datasetParam({ params: [spec('query', 'text')] }), undefined);
});

test('a failure with a position is in the first text', () => {
  const type = { params: [spec('a', 'string'), spec('query', 'text'), spec('more', 'text')] };
  const position = { line: 1, column: 1, length: 1 };
  assert.equal(markedParam({ error: { position } }, type).name, 'query');
  assert.equal(markedParam({ error: {} }, type), undefined);
  assert.equal(markedParam({ error: null }, type), undefined);
  assert.equal(markedParam({ error: { position } }, undefined), undefined);
});

test('the same request has the same key, another request another key', () => {
  let keys = 0;
  const newKey = () => `key ${++keys}`;
  const first = nextAttempt(null, { type: 'a' }, newKey);
  assert.equal(nextAttempt(JSON.parse(JSON.stringify(first)), { type: 'a' }, newKey).key, 'key 1');
  assert.equal(nextAttempt(first, { type: 'b' }, newKey).key, 'key 2');
});

const QUERY = {
  type: 'query',
  params: [
    { name: 'text', kind: 'text', syntax: 'sql', default: null },
    { name: 'args', kind: 'arguments', default: {} },
    { name: 'rows', kind: 'integer', default: null },
    { name: 'fast', kind: 'boolean', default: false },
  ],
};

test('arguments are sent with their types, and none if there are none', () => {
  const argument = (type, text) => ({ type, text });
  const args = {
    a: argument('string', '07'),
    b: argument('number', ' 0.5 '),
    c: argument('boolean', 'true'),
    d: argument('null', 'x'),
    e: argument('number', '12x'),
    f: 2008,
    g: null,
  };
  const sent = requestOf({ name: '', params: { text: 'x', args } }, QUERY).params.args;
  assert.deepEqual(sent, { a: '07', b: 0.5, c: true, d: null, e: args.e, f: 2008, g: null });
  assert.deepEqual(requestOf({ name: '', params: { text: 'x', args: {} } }, QUERY).params, { text: 'x', fast: false });
});

test('an argument in which nothing is typed has no value, unless the empty text is chosen', () => {
  const args = { a: { type: 'string', text: '' }, b: { type: 'number', text: '' }, c: { type: 'empty', text: 'x' }, d: '' };
  assert.deepEqual(requestOf({ name: '', params: { text: 'x', args } }, QUERY).params.args, { c: '', d: '' });
  const none = { a: args.a };
  assert.equal(requestOf({ name: '', params: { text: 'x', args: none } }, QUERY).params.args, undefined);
});

test('only a chosen name is used again', () => {
  assert.equal(givenName({ name: 'Mine', named: true }), 'Mine');
  assert.equal(givenName({ name: 'SELECT 1', named: false }), undefined);
});

test('a number is one only if it keeps its digits', () => {
  assert.deepEqual(['20', '-.5', '1e3', '+0.000000000000000000001'].map(numberOf), [20, -0.5, 1000, 1e-21]);
  assert.deepEqual(['', '-', '1.2.3', '0x1', '9007199254740993', '0.1234567890123456', '1e999'].map(numberOf), Array(7).fill(null));
});

test('a link fills the form in', () => {
  const types = [{ type: 'words', params: [{ name: 'input', kind: 'dataset', default: null }] }, QUERY];
  const draft = { type: null, params: { rows: '5' } };
  assert.deepEqual(linkedDraft({ type: 'query', text: 'SELECT 1', args: '{"a":1}', fast: 'true', other: 'x' }, draft, types), {
    type: 'query',
    params: { text: 'SELECT 1', args: { a: 1 }, fast: true },
  });
  assert.deepEqual(linkedDraft({ input: 'a.txt' }, draft, types), { type: 'words', params: { input: 'a.txt' } });
  assert.deepEqual(linkedDraft({ type: 'query', other: 'x' }, draft, types), { type: 'query' });
  assert.equal(linkedDraft({ type: 'gone', text: 'x' }, draft, types), null);
  assert.equal(linkedDraft({}, draft, types), null);
  assert.deepEqual(linkedDraft({ type: 'query', args: 'nonsense' }, draft, types).params.args, {});
});

test('a problem with an argument is shown at its field', () => {
  const error = { errors: [{ field: 'params.args.a', message: 'is wrong' }] };
  assert.deepEqual(fieldProblems(error, QUERY, { params: {} }), { 'params.args': [{ message: 'is wrong', item: 'a' }] });
});

test('a request is one of a preset as long as it runs the same, with defaults', () => {
  const type = { type: 'count', params: [{ name: 'input', default: 'a.txt' }, { name: 'top', default: null }] };
  const preset = { preset_id: 'p', type: 'count', params: { input: 'a.txt' } };
  const of = (request) => withPreset(request, { preset }, type).preset;

  assert.equal(of({ type: 'count', params: {} }), 'p');
  assert.equal(of({ type: 'count', name: 'mine', params: { input: 'a.txt' } }), 'p');
  assert.equal(of({ type: 'count', params: { input: 'b.txt' } }), undefined);
  assert.equal(of({ type: 'count', params: { top: 3 } }), undefined);
  assert.equal(of({ type: 'other', params: {} }), undefined);
  assert.equal(of({ type: 'count', params: {}, for_each: { top: [1, 2] } }), undefined);
  assert.equal('preset' in withPreset({ type: 'count', params: {} }, { preset: null }, type), false);
});

const severalDraft = (several, more = {}) => ({ ...draft({}, 'Class'), labels: '', several, ...more });

test('several values of a parameter make a run set, one is a job as always', () => {
  const several = { input: 'a/1.txt\n\n a/2.txt\na/1.txt', min_length: '3, 5;8 3', case_sensitive: [true, false] };
  const request = requestOf(severalDraft(several, { labels: 'course : b3\n\nurgent\nsum: a: b' }), TYPE);
  assert.deepEqual(request, {
    type: 'word-count',
    name: 'Class',
    params: {},
    for_each: { input: ['a/1.txt', 'a/2.txt'], case_sensitive: [true, false], min_length: [3, 5, 8] },
    labels: { course: 'b3', urgent: '', sum: 'a: b' },
  });
  assert.equal(jobCount(request), 12);
  assert.deepEqual(labelsOf(labelsText(request.labels)), request.labels);
  const single = requestOf(severalDraft({ input: 'a/1.txt', min_length: 'x', note: '' }, { labels: 'course: b3' }), TYPE);
  assert.deepEqual(single, { type: 'word-count', name: 'Class', params: { input: 'a/1.txt', case_sensitive: false, min_length: 'x' } });
  assert.equal(jobCount(single), 1);
  const other = { type: 'other', params: [spec('input', 'datasets', ['a/b'])] };
  assert.deepEqual(requestOf(severalDraft({ input: 'a/1.txt\na/2.txt' }), other).params, { input: ['a/b'] }, 'a list of another type');
  assert.equal(requestOf(severalDraft({ input: '' }), TYPE).params.input, '', 'not the dataset of the sample');
});

test('what several values are does not change by being shown', () => {
  for (const { kind, values } of [{ kind: 'integer', values: [3, 5] }, { kind: 'dataset', values: ['a/b c.txt', 'a/d.txt'] }]) {
    assert.deepEqual(severalValues({ kind }, severalText({ kind }, values)), values);
  }
});

test('a problem with one of several values names it, one with a label is at the labels', () => {
  const error = {
    message: '',
    errors: [
      { field: 'for_each.input[1]', message: 'does not exist' },
      { field: 'for_each.min_length', message: 'has too many values' },
      { field: 'labels.a b', message: 'must have another key' },
    ],
  };
  assert.deepEqual(fieldProblems(error, TYPE, { params: {}, for_each: { input: ['a/1.txt', 'a/2.txt'] } }), {
    'params.input': [{ message: 'does not exist', position: undefined, item: 'a/2.txt' }],
    'params.min_length': [{ message: 'has too many values', position: undefined, item: undefined }],
    labels: [{ message: 'must have another key', position: undefined, item: undefined }],
  });
});
