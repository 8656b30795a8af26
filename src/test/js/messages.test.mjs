import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText, withoutApiTerms } from '../../main/resources/static/js/api/messages.js';

test('messages lose their parts about the API and the command line', () => {
  const cases = [
    ['does not exist or cannot be read; GET /api/v1/datasets lists what there is', 'does not exist or cannot be read'],
    [
      'Choose a smaller input, or have the server started with a larger --max-input-bytes',
      'Choose a smaller input, or ask the operator to raise the limit',
    ],
    [
      'delete jobs that nobody needs, make room on the disk, or set another --min-free',
      'delete jobs that nobody needs, make room on the disk',
    ],
    ['send fewer; ?wait= and the event streams report changes without polling', 'send fewer'],
    ['It is there already. Choose another name, or send it with ?replace=true', 'It is there already. Choose another name'],
    ['send it with ?replace=true', ''],
    [
      'choose a smaller input, or ask the operator to put it where all workers can read it; --root NAME=file:/path names' +
        ' such a folder, --root NAME=hdfs://host:port/path one of an HDFS',
      'choose a smaller input, or ask the operator to put it where all workers can read it',
    ],
    [
      'the master spark://node1:7077 has another secret; give --cluster-secret-file a copy of its file',
      'the master spark://node1:7077 has another secret',
    ],
    ['must be a whole number from 1 to 1000000', 'must be a whole number from 1 to 1000000'],
  ];
  for (const [said, shown] of cases) {
    assert.equal(withoutApiTerms(said), shown);
  }
});

test('what a job type says about headers, polls or leaving something out is shown', () => {
  for (const said of ['correct the word, or leave it out', 'The header of the file has no column year', 'The poll of 1992 is missing']) {
    assert.equal(withoutApiTerms(said), said);
  }
});

test('an error that is only about the API has the page’s own text', () => {
  assert.equal(
    errorText('job_not_found', 'There is no such job. It may have been deleted; GET /api/v1/jobs lists all'),
    'There is no such job. It may have been deleted.',
  );
  assert.equal(errorText('some_new_code', 'Send Authorization: Bearer'), 'The server refused this. Reload the page, then try again.');
  assert.equal(
    errorText('unsupported_media_type', 'send Content-Type: application/json; with curl: -H x'),
    'The server refused this. Reload the page, then try again.',
  );
  assert.equal(errorText('queue_full', 'The queue is full'), 'The queue is full');
});
