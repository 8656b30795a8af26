import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loader } from '../../main/resources/static/js/api/api.js';

/** A loader whose requests the test answers. */
function aLoader() {
  const calls = [];
  const results = [];
  const action = (signal) => new Promise((resolve, reject) => calls.push({ signal, resolve, reject }));
  const loader = new Loader(action, {
    onData: (data) => results.push(data),
    onError: (error) => results.push(error.message),
  });
  return { calls, results, loader };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('requests during a request become one request after it', async () => {
  const { calls, results, loader } = aLoader();
  loader.load();
  loader.load();
  loader.load();
  assert.equal(calls.length, 1);
  assert.equal(calls[0].signal.aborted, false);
  calls[0].resolve('first');
  await settled();
  assert.deepEqual(results, ['first']);
  assert.equal(calls.length, 2);
  assert.equal(loader.isBusy, true);
  calls[1].resolve('second');
  await settled();
  assert.deepEqual(results, ['first', 'second']);
  assert.equal(calls.length, 2);
  assert.equal(loader.isBusy, false);
});

test('it can load again after a failure', async () => {
  const { calls, results, loader } = aLoader();
  loader.load();
  calls[0].reject(new Error('no'));
  await settled();
  loader.load();
  calls[1].resolve('yes');
  await settled();
  assert.deepEqual(results, ['no', 'yes']);
});

test('after stop() it calls no listener and sends no request', async () => {
  const { calls, results, loader } = aLoader();
  loader.load();
  loader.load();
  loader.stop();
  assert.equal(calls[0].signal.aborted, true);
  calls[0].resolve('late');
  await settled();
  assert.deepEqual(results, []);
  assert.equal(calls.length, 1);
});
