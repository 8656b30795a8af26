import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delayOf, progressOf, readingTimeLeft, runTime, waitingTime, workTime } from '../../main/resources/static/js/lib/job-progress.js';
import { failsAgain, isComplete, isWaiting } from '../../main/resources/static/js/lib/job-status.js';
import { mergeJob } from '../../main/resources/static/js/lib/merge-job.js';

const aJob = (changes = {}) => ({ job_id: '1', status: 'RUNNING', attempt: 1, progress: null, ...changes });
const progress = (changes) => ({
  phase: 'counting',
  tasks_done: 0,
  tasks_running: 0,
  tasks_total: 0,
  bytes_read: null,
  bytes_total: null,
  ...changes,
});

test('an ended job stays ended, even if older data arrives late', () => {
  const done = aJob({ status: 'SUCCEEDED', summary: { words: 1 } });
  assert.equal(mergeJob(done, aJob()), done);
  assert.deepEqual(mergeJob(done, aJob({ status: 'SUCCEEDED' })).summary, { words: 1 });
});

test('an event moves a job back only to the queue', () => {
  const cancelling = aJob({ status: 'CANCELLING' });
  assert.equal(mergeJob(cancelling, aJob()), cancelling);
  assert.equal(mergeJob(aJob(), aJob({ status: 'PENDING' })).status, 'PENDING');
  assert.equal(mergeJob(aJob({ attempt: 2 }), aJob()).attempt, 2);
});

test('a job whose attempt does not count is pending again', () => {
  const waiting = aJob({ status: 'PENDING', attempt: 0 });
  assert.equal(mergeJob(aJob(), waiting).status, 'PENDING');
  assert.equal(mergeJob(aJob({ received_at: 1_000 }), waiting, Infinity).attempt, 0);
});

test('a snapshot, and a response requested later, replace what is known', () => {
  const known = aJob({ status: 'CANCELLING', attempt: 2, received_at: 1_000, summary: { words: 1 } });
  for (const requestedAt of [Infinity, 1_000]) {
    const now = mergeJob(known, aJob({ received_at: 1_500 }), requestedAt);
    assert.deepEqual([now.status, now.attempt, now.received_at, now.summary], ['RUNNING', 1, 1_500, { words: 1 }]);
  }
});

test('a response requested earlier only adds to what is known', () => {
  const known = aJob({ received_at: 1_000 });
  const now = mergeJob(known, aJob({ status: 'PENDING', attempt: 0, received_at: 1_500, params: {} }), 999);
  assert.deepEqual([now.status, now.attempt, now.received_at, now.params], ['RUNNING', 1, 1_000, {}]);
  const done = aJob({ status: 'SUCCEEDED', params: {}, received_at: 1_000 });
  assert.equal(mergeJob(done, aJob({ received_at: 1_500 }), Infinity), done);
  assert.deepEqual(mergeJob(done, { ...done, received_at: 1_500, summary: { words: 1 } }, 999).summary, { words: 1 });
  assert.equal(mergeJob(done, { ...done, params: {}, received_at: 1_500 }, 1_200), done);
  assert.equal(mergeJob(done, { ...done, name: 'edited', received_at: 1_500 }, 1_200).received_at, 1_500);
});

test('long parameters stay whole, no matter what arrives after them', () => {
  const whole = { params: { query: 'SELECT 1 AS a' }, inputs: ['a', 'b'], shortened: false };
  const part = { params: { query: 'SELECT…' }, inputs: ['a'], shortened: true };
  const known = (params) => aJob({ received_at: 1_000, ...params });
  const merges = [
    mergeJob(known(whole), aJob(part)),
    mergeJob(known(whole), aJob(part), Infinity),
    mergeJob(known(whole), aJob({ status: 'SUCCEEDED', ...part })),
    mergeJob(known(part), aJob(whole), 999),
    mergeJob(known(part), aJob(whole), Infinity),
  ];
  for (const { params, inputs, shortened } of merges) {
    assert.deepEqual({ params, inputs, shortened }, whole);
  }
  const progress = mergeJob(known(part), { job_id: '1', status: 'RUNNING', attempt: 1 });
  assert.equal(progress.params, part.params);
});

test('a job is complete with its summary and its whole parameters', () => {
  assert.equal(isComplete(aJob({ shortened: false })), true);
  assert.equal(isComplete(aJob({ shortened: true })), false);
  assert.equal(isComplete(aJob({ status: 'FAILED' })), false);
  assert.equal(isComplete(aJob({ status: 'FAILED', summary: {} })), true);
});

test('progress is measured by bytes, or by tasks, or unknown', () => {
  assert.equal(progressOf(aJob({ progress: progress({ bytes_read: 25, bytes_total: 100 }) })).fraction, 0.25);
  assert.equal(progressOf(aJob({ progress: progress({ tasks_done: 1, tasks_total: 4 }) })).fraction, 0.25);
  assert.equal(progressOf(aJob({ progress: progress({}) })).fraction, null);
  assert.equal(progressOf(aJob()).fraction, null);
});

test('a bar is never full while the job works', () => {
  const read = progressOf(aJob({ progress: progress({ bytes_read: 100, bytes_total: 100, tasks_total: 4 }) }));
  assert.equal(read.fraction, null);
  assert.match(read.text, /All 100 B read, preparing the result, 0 of 4 tasks done/);
  assert.equal(progressOf(aJob({ progress: progress({ tasks_done: 4, tasks_total: 4 }) })).fraction, null);
});

test('a cancelling job says how many tasks still run', () => {
  const cancelling = aJob({ status: 'CANCELLING', progress: progress({ tasks_running: 2 }) });
  assert.equal(progressOf(cancelling).text, 'Cancelling… 2 tasks still running');
});

test('the run time continues from the server’s value, by one clock', () => {
  const running = aJob({ started_at: '2026-01-05T10:00:00.000Z', duration_ms: 800, received_at: 5_000 });
  assert.equal(runTime(running, 6_000), 1_800);
  assert.equal(runTime(aJob({ status: 'PENDING' }), 6_000), null);
});

test('a delay is not work', () => {
  const ran = (duration_ms, delay_seconds) => aJob({ status: 'SUCCEEDED', duration_ms, params: { delay_seconds } });
  assert.equal(workTime(ran(8_300, 8), 0), 300);
  assert.equal(workTime(ran(8_300, 0), 0), 8_300);
  assert.equal(workTime(ran(2_000, 8), 0), 0, 'cancelled while it waited');
  assert.equal(workTime(ran(null, 8), 0), null);
  assert.equal(workTime(aJob({ started_at: 'x', duration_ms: 7_000, received_at: 0, params: { delay_seconds: 8 } }), 2_000), 1_000);
  assert.equal(delayOf(aJob()), 0);
  assert.equal(delayOf(aJob({ params: { delay_seconds: 'soon' } })), 0);
});

test('a delayed job says so', () => {
  const waiting = aJob({ params: { delay_seconds: 60 }, progress: progress({ phase: 'waiting' }) });
  assert.deepEqual(progressOf(waiting), { fraction: null, text: 'Waiting, with a delay of 60 s' });
  assert.equal(progressOf({ ...waiting, params: {} }).text, 'Waiting');
  const counted = { ...waiting, started_at: 'x', duration_ms: 20_000, received_at: 0 };
  assert.equal(progressOf(counted, 2_500).text, '38 s left of a delay of 60 s');
  assert.equal(progressOf(counted, 50_000).text, 'Waiting, with a delay of 60 s');
});

test('the time left is told only if the size of the input is known and enough of it is read', () => {
  const left = (bytes_read, bytes_total, duration_ms = 10_000) =>
    readingTimeLeft(aJob({ started_at: 'x', duration_ms, received_at: 5, progress: progress({ bytes_read, bytes_total }) }));
  assert.equal(left(25, 100), 30_000);
  for (const unknown of [left(25, null), left(25, 0), left(4, 100), left(100, 100), left(25, 100, 2_000)]) {
    assert.equal(unknown, null);
  }
});

test('the waiting time is that of measured jobs, and none of too few', () => {
  assert.equal(waitingTime(4, [10, 20, 30, 20, 20], 2), 40);
  assert.equal(waitingTime(4, [10, 20, 30, 20], 2), null);
});

test('the whole of long texts is kept until an event tells of another note', () => {
  const known = aJob({ note: 'whole', params: { q: 'whole' }, inputs: [], shortened: false, edited_at: 'x', received_at: 0 });
  const cut = { ...known, note: 'wh…', params: { q: 'wh…' }, shortened: true };
  assert.equal(mergeJob(known, cut).note, 'whole');
  assert.equal(mergeJob(known, { ...cut, edited_at: 'y' }).note, 'wh…');
  assert.equal(isComplete(mergeJob(known, { ...cut, edited_at: 'y' })), false);
  assert.equal(mergeJob(known, { ...known, note: 'other', edited_at: 'y' }).note, 'other');
  assert.equal(mergeJob({ ...cut, received_at: 5 }, { ...known, status: 'RUNNING' }, 3).note, 'whole');
});

test('a job that waits for executors says so, however much it has read', () => {
  const waiting = progress({ phase: 'waiting for executors', bytes_read: 10, bytes_total: 10 });
  const of = (changes) => progressOf(aJob({ progress: { ...waiting, ...changes } }));
  assert.deepEqual(of({}), { fraction: null, text: 'Waiting for executors' });
  assert.deepEqual(of({ tasks_done: 3, tasks_total: 4 }), { fraction: 0.75, text: 'Waiting for executors, 3 of 4 tasks done' });
  assert.ok(isWaiting(aJob({ progress: waiting })));
  assert.ok(isWaiting(aJob({ status: 'PENDING' })));
  assert.ok(!isWaiting(aJob({ status: 'CANCELLING', progress: waiting })));
  assert.ok(!isWaiting(aJob({ progress: progress({}) })));
});

test('a cancelled job says which executor it waits for', () => {
  const stopping = progress({ phase: 'stopping: waits for executor 1 on node1', tasks_running: 2 });
  const { text } = progressOf(aJob({ status: 'CANCELLING', progress: stopping }));
  assert.equal(text, 'Cancelling… waits for executor 1 on node1');
});

test('a failure because of the query or its input is met again', () => {
  assert.ok(failsAgain({ error: { code: 'invalid_query' } }));
  assert.ok(!failsAgain({ error: { code: 'timed_out' } }));
  assert.ok(!failsAgain({ error: null }));
});
