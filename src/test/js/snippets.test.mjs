import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { curl, python, r, sampleScripts } from '../../main/resources/static/js/lib/snippets.js';

const NASTY = `it's "quoted" $(rm -rf /) \`x\` \\ ! %s\n\t\u0000\u2028 ü 😀`;
const BODY = { type: 'word-count', name: NASTY, params: { input: "a'b", strip: true, none: null, n: 3, query: "SELECT 'x'\n  FROM \"t\"\n", inputs: ['a/b', NASTY] } };

function canRun(program) {
  try {
    execFileSync(program, ['--version']);
    return true;
  } catch {
    return false;
  }
}

test('a shell passes the body to curl unchanged', () => {
  const shown = curl('http://box:8080/api/v1/jobs?a=1&b=2', BODY).replace(/^curl/, "printf '%s\\037'");
  const words = execFileSync('sh', ['-c', shown]).toString().split('\u001f');
  assert.deepEqual(JSON.parse(words[words.indexOf('--data-raw') + 1]), BODY);
  assert.ok(words.includes('http://box:8080/api/v1/jobs?a=1&b=2'));
});

test('strings in Python and R are escaped', () => {
  assert.match(python('http://box/', BODY), /"strip": True, "none": None, "n": 3/);
  const line = r('http://box/', BODY).split('\n').find((text) => text.includes('req_body_raw'));
  const literal = line.slice(line.indexOf('"'), line.lastIndexOf(', type'));
  assert.deepEqual(JSON.parse(JSON.parse(literal)), BODY);
});

test('Python reads the body unchanged', { skip: !canRun('python3') }, () => {
  const literal = /json\.dumps\(([^]*)\)\.encode/.exec(python('http://box/', BODY))[1];
  assert.deepEqual(JSON.parse(execFileSync('python3', ['-c', `import json; print(json.dumps(${literal}))`])), BODY);
});

test('a required token comes from the environment', () => {
  const body = { type: 'word-count' };
  assert.match(curl('http://h/api/v1/jobs', body, true), /-H "Authorization: Bearer \$TINDERBOX_TOKEN" \\\n/);
  assert.match(python('http://h/', body, true), /import os\nimport urllib/);
  assert.match(python('http://h/', body, true), /"Authorization": "Bearer " \+ os\.environ\["TINDERBOX_TOKEN"\]/);
  assert.match(r('http://h/', body, true), /req_auth_bearer_token\(Sys\.getenv\("TINDERBOX_TOKEN"\)\) \|>\n {2}req_body_raw/);
  for (const { text } of sampleScripts('http://h/', true)) {
    assert.match(text, /TINDERBOX_TOKEN/);
  }
  for (const { text } of sampleScripts('http://h/', false)) {
    assert.doesNotMatch(text, /TOKEN/);
  }
});

test('each script polls until the job has ended, then reads the result', async () => {
  for (const name of canRun('python3') ? ['curl', 'Python'] : ['curl']) {
    let looks = 0;
    const server = createServer((request, response) => {
      if (request.url.includes('/result')) {
        response.end(request.url.includes('csv') ? 'word,count\nthe,3\n' : '{"rows":[["the",3]]}');
        return;
      }
      looks += request.method === 'GET' ? 1 : 0;
      const ended = looks > 2 ? '"2026-01-01T00:00:00Z"' : 'null';
      response.end(`{"job_id":"an-id","name":"\\"finished_at\\":\\"","status":"RUNNING","finished_at":${ended}}`);
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    const { text } = sampleScripts(`http://127.0.0.1:${server.address().port}/`, false).find((each) => each.name === name);
    const shell = name === 'curl' ? ['sh', ['-c', `sleep() { :; }\n${text}`]] : ['python3', ['-c', text]];
    try {
      const { stdout } = await promisify(execFile)(...shell);
      assert.match(stdout, /the[, ]3/);
      assert.equal(looks, 3, name);
    } finally {
      server.close();
    }
  }
});
