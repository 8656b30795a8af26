import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLocal, sessionLabel, sessionProblem, splitHosts } from '../../main/resources/static/js/lib/cluster.js';

test('only a cluster is shown as one', () => {
  assert.ok(isLocal({ master: 'local[*]' }));
  assert.ok(!isLocal({ master: 'spark://local:7077' }));
});

test('every state but ready is a problem, and all but one make jobs wait', () => {
  const problem = (state) => sessionProblem({ session: { state, detail: 'the master does not answer' } });
  assert.equal(problem('ready'), null);
  assert.deepEqual(problem('no_executors'), { detail: 'the master does not answer', jobsWait: true });
  assert.deepEqual(
    ['connecting', 'forgotten', 'degraded', 'new_state'].map((state) => problem(state).jobsWait),
    [true, true, false, true],
  );
  assert.equal(sessionProblem({}), null);
  assert.equal(sessionLabel('no_executors'), 'No executors');
  assert.equal(sessionLabel('new_state'), 'new_state');
});

test('no link to more hosts hides just one', () => {
  const hosts = (n) => Array.from({ length: n }, (_, i) => ({ host: `node${i}`, tasks: 1 }));
  assert.deepEqual([0, 3, 4, 5, 100].map((n) => splitHosts(hosts(n)).map(({ length }) => length)), [
    [0, 0],
    [3, 0],
    [4, 0],
    [3, 2],
    [3, 97],
  ]);
});
