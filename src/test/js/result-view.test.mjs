import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChecked, isWhole, requestOf, resultQuery, routeOf, sortedBy, viewOf } from '../../main/resources/static/js/lib/result-view.js';
import { STANDARD, STOP_WORDS, listValue } from '../../main/resources/static/js/lib/stop-words.js';

const COLUMNS = [
  { name: 'word', type: 'string' },
  { name: 'count', type: 'integer' },
  { name: 'order', type: 'timestamp' },
  { name: 'ratio', type: 'double' },
  { name: 'hash', type: 'binary' },
];
const PLAIN = { q: '', sorts: [], filters: [], isFolded: false };

test('only values that may not fit are checked by the server', () => {
  const checked = (column, condition) => isChecked({ column, condition, value: 'x' }, COLUMNS);
  assert.deepEqual([checked('count', 'ge'), checked('order', 'eq'), checked('ratio', 'ne')], [true, true, true]);
  assert.deepEqual([checked('word', 'eq'), checked('count', 'contains'), checked('count', 'null')], [false, false, false]);
});

test('a view is the same after a way through the address', () => {
  const view = {
    q: 'a',
    sorts: [
      { column: '-a,b:c%', descending: true },
      { column: '-d', descending: false },
    ],
    filters: [
      { column: 'a:b,c', condition: 'eq', value: '1,2:3 %' },
      { column: 'word', condition: 'notnull', value: '' },
      { column: 'word', condition: 'eq', value: '' },
      { column: 'word', condition: 'notin', value: listValue(['the', 'x,y']) },
    ],
    isFolded: true,
  };
  const query = Object.fromEntries(new URLSearchParams(new URLSearchParams(routeOf(view)).toString()));
  assert.deepEqual(viewOf(query), view);
  assert.deepEqual(requestOf(view), {
    q: 'a',
    sort: '-%2Da%2Cb%3Ac%25,%2Dd',
    filter: ['a%3Ab%2Cc:eq:1%2C2%3A3%20%25', 'word:notnull', 'word:eq:', 'word:notin:the,x%2Cy'],
    fold: 'case',
  });
});

test('an address without a view is the whole result, and a damaged one is not refused here', () => {
  assert.deepEqual(viewOf({}), PLAIN);
  assert.deepEqual(viewOf({ sort: '%zz,' }).sorts, [{ column: '%zz', descending: false }]);
  assert.deepEqual(viewOf({ filter: 'a' }).filters, [{ column: 'a', condition: '', value: '' }]);
});

test('clicks on a heading sort ascending, descending, and not at all', () => {
  const once = sortedBy([], 'a', false);
  const twice = sortedBy(once, 'a', false);
  assert.deepEqual(once, [{ column: 'a', descending: false }]);
  assert.deepEqual(twice, [{ column: 'a', descending: true }]);
  assert.deepEqual(sortedBy(twice, 'a', false), []);
  assert.deepEqual(sortedBy(twice, 'b', false), [{ column: 'b', descending: false }]);
});

test('clicks with Shift add to the order, of three columns at most', () => {
  const two = sortedBy(sortedBy([], 'a', false), 'b', true);
  assert.deepEqual(two.map(({ column }) => column), ['a', 'b']);
  const turned = sortedBy(two, 'a', true);
  assert.deepEqual(turned, [{ column: 'a', descending: true }, two[1]]);
  assert.deepEqual(sortedBy(turned, 'a', true), [two[1]]);
  const full = sortedBy(sortedBy(sortedBy(two, 'c', true), 'd', true), 'e', true);
  assert.deepEqual(full.map(({ column }) => column), ['a', 'b', 'e']);
});

test('a query for a result has what the view has', () => {
  assert.equal(resultQuery('7', PLAIN, COLUMNS, [['word']]), 'SELECT * FROM `results/7` LIMIT 100');
  const view = {
    q: "it's",
    sorts: [{ column: 'order', descending: true }],
    filters: [
      { column: 'count', condition: 'ge', value: '10' },
      { column: 'order', condition: 'lt', value: '2026-11-30T12:00:00Z' },
      { column: 'ratio', condition: 'eq', value: 'NaN' },
      { column: 'hash', condition: 'eq', value: '+/8=' },
      { column: 'word', condition: 'null', value: '' },
      { column: 'count', condition: 'contains', value: '7' },
      { column: 'gone', condition: 'eq', value: '1); DROP' },
      { column: 'count', condition: 'nonsense', value: '' },
      { column: 'count', condition: 'toString', value: '' },
    ],
  };
  assert.equal(
    resultQuery('7', view, COLUMNS, [['word']]),
    `SELECT * FROM \`results/7\`
WHERE contains(lower(string(word)), lower('it\\'s'))
  AND count >= 10
  AND \`order\` < TIMESTAMP '2026-11-30T12:00:00Z'
  AND ratio = double('NaN')
  AND hash = unbase64('+/8=')
  AND word IS NULL
  AND contains(lower(string(count)), lower('7'))
  AND gone = '1); DROP'
ORDER BY \`order\` DESC NULLS LAST`,
  );
});

test('a query searches what the search looks in', () => {
  assert.match(
    resultQuery('7', { ...PLAIN, q: 'a' }, COLUMNS, [['word'], ['order']]),
    /WHERE \(contains\(lower\(string\(word\)\), lower\('a'\)\)\n +OR contains\(lower\(string\(`order`\)\), lower\('a'\)\)\)/,
  );
  assert.match(
    resultQuery('7', { ...PLAIN, q: 'a' }, COLUMNS, [['left', 'word']]),
    /WHERE contains\(lower\(string\(concat_ws\('', `?left`?, word\)\)\), lower\('a'\)\)/,
  );
});

test('the standard stop words are short in the address, and a list for the server', () => {
  const view = viewOf({ filter: routeOf({ ...PLAIN, filters: [{ column: 'word', condition: 'notin', value: STANDARD }] }).filter });
  assert.equal(view.filters[0].value, STANDARD);
  assert.equal(requestOf(view).filter[0], `word:notin:${STOP_WORDS.join(',')}`);
  assert.deepEqual([isWhole(view), isWhole(PLAIN), isWhole({ ...PLAIN, isFolded: true })], [false, true, false]);
});

test('a query adds up words as the view does', () => {
  const filters = [
    { column: 'word', condition: 'notin', value: listValue(['The', "o'er"]) },
    { column: 'word', condition: 'minlength', value: '4' },
  ];
  assert.equal(
    resultQuery('7', { ...PLAIN, filters, isFolded: true }, COLUMNS.slice(0, 2), [['word']]),
    `SELECT * FROM (SELECT lower(word) AS word, sum(count) AS count FROM \`results/7\` GROUP BY 1)
WHERE lower(word) NOT IN ('the', 'o\\'er')
  AND length(word) >= 4
ORDER BY 2 DESC, 1`,
  );
});
