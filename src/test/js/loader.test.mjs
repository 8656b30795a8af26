import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loader } from '../../main/resources/static/js/api/loader.js';

/** An action whose calls are answered when the test says so. */
function asked() {
  const calls = [];
  const told = [];
  const action = (signal) => new Promise((resolve, reject) => calls.push({ signal, resolve, reject }));
  const loader = new Loader(action, {
    onData: (data) => told.push(data),
    onError: (error) => told.push(error.message),
  });
  return { calls, told, loader };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked for meanwhile waits for the answer and is one call', async () => {
  const { calls, told, loader } = asked();
  loader.load();
  loader.load();
  loader.load();
  assert.equal(calls.length, 1);
  assert.equal(calls[0].signal.aborted, false);
  calls[0].resolve('first');
  await settled();
  assert.deepEqual(told, ['first']);
  assert.equal(calls.length, 2);
  assert.equal(loader.isBusy, true);
  calls[1].resolve('second');
  await settled();
  assert.deepEqual(told, ['first', 'second']);
  assert.equal(calls.length, 2);
  assert.equal(loader.isBusy, false);
});

test('after a failure it is asked again', async () => {
  const { calls, told, loader } = asked();
  loader.load();
  calls[0].reject(new Error('no'));
  await settled();
  loader.load();
  calls[1].resolve('yes');
  await settled();
  assert.deepEqual(told, ['no', 'yes']);
});

test('a stopped one tells and asks nothing more', async () => {
  const { calls, told, loader } = asked();
  loader.load();
  loader.load();
  loader.stop();
  assert.equal(calls[0].signal.aborted, true);
  calls[0].resolve('late');
  await settled();
  assert.deepEqual(told, []);
  assert.equal(calls.length, 1);
});
