import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, fit, groups, headAndTail } from '../../main/resources/static/js/fit.js';
import { directionOf, oneLine } from '../../main/resources/static/js/text.js';

const FAMILY = '👨‍👩‍👧‍👦';

test('a text is cut between what readers take for characters', () => {
  assert.equal(cut('short', 5), 'short');
  assert.equal(cut('longer', 5), 'long…');
  assert.equal(cut('xxxx😀y', 6), 'xxxx😀y');
  assert.equal(cut('xxxx😀yz', 6), 'xxxx😀…');
  assert.equal(cut('xxxx😀yz', 5), 'xxxx…');
  assert.equal(cut(FAMILY.repeat(5), 3), `${FAMILY.repeat(2)}…`);
  assert.equal(cut(FAMILY.repeat(3), 3), FAMILY.repeat(3));
  assert.equal(cut('éa', 3), 'éa');
  assert.ok(cut('😀'.repeat(200), 80).isWellFormed());
});

test('a pile of marks on one letter is no short text', () => {
  const pile = `Z${'\u0301'.repeat(5_000)}`;
  assert.ok(cut(pile, 20).length <= 20 * 16);
  assert.ok(cut(`${FAMILY}\u200d`.repeat(2_000), 20).length <= 20 * 16);
});

test('a text is fitted to what it measures, not to how many characters it has', () => {
  const wide = (text) => [...text].reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);
  assert.equal(fit('abcdefgh', 8, 20, wide), 'abcdefgh');
  assert.equal(fit('漢字漢字漢字', 8, 20, wide), '漢字漢…');
  assert.equal(fit('abcdefghij', 20, 5, wide), 'abcd…');
  assert.equal(fit('漢', 1, 20, wide), '…');
});

test('of a long name the end is kept', () => {
  assert.equal(headAndTail('short.txt', 20, 4), null);
  assert.deepEqual(headAndTail('a-rather-long-name.txt', 20, 4), ['a-rather-long-name', '.txt']);
  assert.deepEqual(headAndTail('😀'.repeat(21), 20, 2), ['😀'.repeat(19), '😀😀']);
});

test('what turns text around does not leave the page', () => {
  assert.equal(oneLine('\u202Etxt.live\u2066 turned\u200f'), 'txt.live turned');
  assert.equal(oneLine('two\nlines\u2028three'), 'two lines three');
});

test('names of files keep their ending at the end', () => {
  assert.equal(directionOf('שלום.txt'), 'ltr');
  assert.equal(directionOf('uploads/مرحبا'), 'ltr');
  assert.equal(directionOf('مرحبا بالعالم'), 'auto');
  assert.equal(directionOf('What is this?'), 'auto');
});

test('numbers break between groups only', () => {
  assert.deepEqual(groups('1,000,000'), ['1,', '000,', '000']);
  assert.deepEqual(groups('+1,234'), ['+1,', '234']);
  assert.deepEqual(groups('–'), ['–']);
});
