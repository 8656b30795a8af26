import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STANDARD, STOP_WORDS, isTooLong, listItems, stopValue, wordsIn } from '../../main/resources/static/js/lib/stop-words.js';
import { hasAllWords, linesRequest, stopWordsOf, withCondition, wordsOf } from '../../main/resources/static/js/lib/words.js';

const WORDS = {
  word: 'word',
  count: 'count',
  total: 'words',
  case_param: 'case_sensitive',
  limit_params: ['min_length', 'min_count'],
  concordance: { type: 'concordance', word_param: 'word', same_params: ['input', 'case_sensitive'] },
};
const COLUMNS = [{ name: 'word', type: 'string' }, { name: 'count', type: 'integer' }];
const JOB = { params: { input: 'a.txt', case_sensitive: true, min_length: 1, min_count: 1 } };

test('rows are words only if the result has their columns', () => {
  assert.equal(wordsOf({ words: WORDS }, COLUMNS), WORDS);
  assert.equal(wordsOf({ words: WORDS }, COLUMNS.slice(1)), null);
  assert.equal(wordsOf({ words: null }, COLUMNS), null);
  assert.ok(!wordsOf({}, COLUMNS), 'an older server says nothing of words');
});

test('a word is looked for by the rules by which it was counted, or is shown', () => {
  assert.deepEqual(linesRequest(WORDS, JOB, 'Whale', false), {
    type: 'concordance',
    params: { word: 'Whale', input: 'a.txt', case_sensitive: true },
  });
  assert.equal(linesRequest(WORDS, JOB, 'whale', true).params.case_sensitive, false);
  assert.equal(linesRequest(WORDS, JOB, 'x'.repeat(201), false), null);
});

test('a result has all words unless the job has left some out', () => {
  assert.equal(hasAllWords(WORDS, JOB), true);
  assert.equal(hasAllWords(WORDS, { params: { ...JOB.params, min_count: 2 } }), false);
});

test('a condition is replaced and removed', () => {
  const one = withCondition([], 'word', 'minlength', '4');
  const two = withCondition(withCondition(one, 'word', 'notin', 'a,b%2Cc'), 'word', 'minlength', '5');
  assert.deepEqual(two.map(({ condition, value }) => [condition, value]), [['notin', 'a,b%2Cc'], ['minlength', '5']]);
  assert.deepEqual(stopWordsOf(two, 'word'), ['a', 'b,c']);
  assert.deepEqual(withCondition(two, 'word', 'notin', '').length, 1);
  assert.equal(stopWordsOf(one, 'word'), null);
});

test('the list of stop words has each once, and an edited one is read from a text', () => {
  assert.equal(new Set(STOP_WORDS).size, STOP_WORDS.length);
  assert.deepEqual(wordsIn('The, of\n the  o’er '), ['the', 'of', 'o’er']);
  assert.equal(stopValue(wordsIn(STOP_WORDS.join(', '))), STANDARD);
  assert.deepEqual(listItems(STANDARD), STOP_WORDS);
  assert.deepEqual([isTooLong(STOP_WORDS), isTooLong(Array(3000).fill('words'))], [false, true]);
});
