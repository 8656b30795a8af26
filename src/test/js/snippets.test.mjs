import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { curl, python, r } from '../../main/resources/static/js/snippets.js';

const NASTY = `it's "quoted" $(rm -rf /) \`x\` \\ ! %s\n\t\u0000\u2028 ü 😀`;
const BODY = { type: 'word-count', name: NASTY, params: { input: "a'b", strip: true, none: null, n: 3 } };

test('a shell hands curl the very body', () => {
  const shown = curl('http://box:8080/api/v1/jobs?a=1&b=2', BODY).replace(/^curl/, "printf '%s\\037'");
  const words = execFileSync('sh', ['-c', shown]).toString().split('\u001f');
  assert.deepEqual(JSON.parse(words[words.indexOf('--data-raw') + 1]), BODY);
  assert.ok(words.includes('http://box:8080/api/v1/jobs?a=1&b=2'));
});

test('Python and R get texts that end where they should', () => {
  assert.match(python('http://box/', BODY), /"strip": True, "none": None, "n": 3/);
  const line = r('http://box/', BODY).split('\n').find((text) => text.includes('req_body_raw'));
  const literal = line.slice(line.indexOf('"'), line.lastIndexOf(', type'));
  assert.deepEqual(JSON.parse(JSON.parse(literal)), BODY);
});
