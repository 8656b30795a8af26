import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnName, parametersOf, quotedName, quotedText, tokensOf } from '../../main/resources/static/js/lib/sql.js';

const pieces = (sql) => tokensOf(sql).map(({ kind, from, to }) => [kind, sql.slice(from, to)]);

test('every token of a query has its kind', () => {
  assert.deepEqual(pieces("SELECT a1, count(*) FROM `x``y` -- the end\nWHERE b = 'it\\'s' AND :least < 1.5e3"), [
    ['keyword', 'SELECT'],
    ['word', 'a1'],
    ['function', 'count'],
    ['keyword', 'FROM'],
    ['name', '`x``y`'],
    ['comment', '-- the end'],
    ['keyword', 'WHERE'],
    ['word', 'b'],
    ['string', "'it\\'s'"],
    ['keyword', 'AND'],
    ['parameter', ':least'],
    ['number', '1.5e3'],
  ]);
});

test('comments nest, and raw texts have no escapes', () => {
  assert.deepEqual(pieces("/* a /* b */ c */ r'\\' 2"), [
    ['comment', '/* a /* b */ c */'],
    ['string', "r'\\'"],
    ['number', '2'],
  ]);
});

test('what has no end goes to the end of the text', () => {
  for (const sql of ["'abc\\", '"abc', '`abc', '/* /* */', "r'x"]) {
    assert.equal(tokensOf(sql).at(-1).to, sql.length, sql);
  }
});

test('a long text takes little time', () => {
  assert.equal(tokensOf(`'${'a'.repeat(60_000)}\\`).length, 1);
  assert.equal(tokensOf('/*'.repeat(30_000)).length, 1);
});

test('parameters are named once, and only where they are parameters', () => {
  assert.deepEqual(parametersOf("SELECT :b, :a, :b, x::int, v:path, ':c' /* :d */ -- :e\n, (:f_1)"), ['b', 'a', 'f_1']);
});

test('names are in backquotes if they need them', () => {
  assert.equal(columnName('iata'), 'iata');
  assert.equal(columnName('order'), '`order`');
  assert.equal(columnName('a b'), '`a b`');
  assert.equal(quotedName('samples/a`b.csv'), '`samples/a``b.csv`');
  assert.equal(quotedText("it's \\"), "'it\\'s \\\\'");
});
