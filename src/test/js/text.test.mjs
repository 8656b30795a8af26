import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitGroups, splitTail, truncate, truncateToWidth } from '../../main/resources/static/js/lib/truncate.js';
import { directionOf, firstSentence, oneLine } from '../../main/resources/static/js/lib/text.js';

const FAMILY = '👨‍👩‍👧‍👦';

test('a text is truncated between graphemes', () => {
  assert.equal(truncate('short', 5), 'short');
  assert.equal(truncate('longer', 5), 'long…');
  assert.equal(truncate('xxxx😀y', 6), 'xxxx😀y');
  assert.equal(truncate('xxxx😀yz', 6), 'xxxx😀…');
  assert.equal(truncate('xxxx😀yz', 5), 'xxxx…');
  assert.equal(truncate(FAMILY.repeat(5), 3), `${FAMILY.repeat(2)}…`);
  assert.equal(truncate(FAMILY.repeat(3), 3), FAMILY.repeat(3));
  assert.equal(truncate('éa', 3), 'éa');
  assert.ok(truncate('😀'.repeat(200), 80).isWellFormed());
});

test('a letter with a pile of marks is a long text', () => {
  const pile = `Z${'\u0301'.repeat(5_000)}`;
  assert.ok(truncate(pile, 20).length <= 20 * 16);
  assert.ok(truncate(`${FAMILY}\u200d`.repeat(2_000), 20).length <= 20 * 16);
});

test('a text is truncated by its width, not its number of characters', () => {
  const wide = (text) => [...text].reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);
  assert.equal(truncateToWidth('abcdefgh', 8, 20, wide), 'abcdefgh');
  assert.equal(truncateToWidth('漢字漢字漢字', 8, 20, wide), '漢字漢…');
  assert.equal(truncateToWidth('abcdefghij', 20, 5, wide), 'abcd…');
  assert.equal(truncateToWidth('漢', 1, 20, wide), '…');
});

test('a long name keeps its end', () => {
  assert.equal(splitTail('short.txt', 20, 4), null);
  assert.deepEqual(splitTail('a-rather-long-name.txt', 20, 4), ['a-rather-long-name', '.txt']);
  assert.deepEqual(splitTail('😀'.repeat(21), 20, 2), ['😀'.repeat(19), '😀😀']);
});

test('direction marks and line breaks are removed', () => {
  assert.equal(oneLine('\u202Etxt.live\u2066 turned\u200f'), 'txt.live turned');
  assert.equal(oneLine('two\nlines\u2028three'), 'two lines three');
});

test('file names run left to right', () => {
  assert.equal(directionOf('שלום.txt'), 'ltr');
  assert.equal(directionOf('uploads/مرحبا'), 'ltr');
  assert.equal(directionOf('مرحبا بالعالم'), 'auto');
  assert.equal(directionOf('What is this?'), 'auto');
});

test('numbers break only between groups', () => {
  assert.deepEqual(digitGroups('1,000,000'), ['1,', '000,', '000']);
  assert.deepEqual(digitGroups('+1,234'), ['+1,', '234']);
  assert.deepEqual(digitGroups('–'), ['–']);
});

test('the first sentence ends before a space, not within a name', () => {
  assert.equal(firstSentence(' The file a.txt.gz\nis broken. Upload it again. '), 'The file a.txt.gz is broken.');
  assert.equal(firstSentence('There is no column x'), 'There is no column x');
});
