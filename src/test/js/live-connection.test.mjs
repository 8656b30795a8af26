import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveConnection } from '../../main/resources/static/js/live/live-connection.js';

/** A connection with a fake server and a clock that the test advances. */
function aConnection() {
  const w = { time: 0, timers: [], sources: [], events: [], statuses: [], answer: () => Promise.reject(new Error()) };
  w.timersOf = {
    setTimeout: (action, ms) => {
      const timer = { action, at: w.time + ms };
      w.timers.push(timer);
      return timer;
    },
    clearTimeout: (timer) => (w.timers = w.timers.filter((other) => other !== timer)),
  };
  w.live = new LiveConnection({
    connect: (path) => {
      const source = { path, closed: false, listeners: {} };
      source.addEventListener = (type, listener) => (source.listeners[type] = listener);
      source.close = () => (source.closed = true);
      source.say = (type, data = {}) => source.listeners[type]({ data: JSON.stringify(data) });
      w.sources.push(source);
      return source;
    },
    poll: () => w.answer(),
    onEvent: (type, data) => w.events.push([type, data]),
    onStatus: (status, retryAt) => w.statuses.push([status, retryAt]),
    now: () => w.time,
    random: () => 0.5,
    timers: w.timersOf,
  });
  w.pass = async (ms) => {
    const end = w.time + ms;
    for (;;) {
      const next = w.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) {
        break;
      }
      w.time = next.at;
      w.timersOf.clearTimeout(next);
      next.action();
      await settled();
    }
    w.time = end;
    await settled();
  };
  w.source = () => w.sources.at(-1);
  w.status = () => w.statuses.at(-1)?.[0];
  w.open = () => w.sources.filter((source) => !source.closed).length;
  return w;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a stream with events is live, and its events are delivered', async () => {
  const w = aConnection();
  w.live.follow('events');
  w.source().say('snapshot', { jobs: [] });
  w.source().say('ping');
  assert.equal(w.status(), 'live');
  assert.deepEqual(w.events, [['snapshot', { jobs: [] }]]);
});

test('a short break is ignored', async () => {
  const w = aConnection();
  w.live.follow('events');
  w.source().say('snapshot');
  w.source().listeners.error();
  await w.pass(2_000);
  w.source().say('job');
  await w.pass(10_000);
  assert.equal(w.sources.length, 1);
  assert.equal(w.status(), 'live');
});

test('after three seconds without stream or response it is offline, and retries', async () => {
  const w = aConnection();
  w.live.follow('events');
  w.source().say('snapshot');
  w.source().listeners.error();
  await w.pass(2_900);
  assert.equal(w.status(), 'live');
  await w.pass(100);
  assert.deepEqual(w.statuses.at(-1), ['offline', 5_500]);
  await w.pass(2_500);
  assert.equal(w.sources.length, 2);
  w.source().say('snapshot');
  assert.equal(w.status(), 'live');
  assert.equal(w.open(), 1);
});

test('waits grow to at most half a minute', async () => {
  const w = aConnection();
  w.live.follow('events');
  const waits = [];
  for (let n = 0; n < 7; n++) {
    w.source().listeners.error();
    await w.pass(n === 0 ? 3_000 : 0);
    const retryAt = w.statuses.at(-1)[1];
    waits.push(retryAt - w.time);
    await w.pass(retryAt - w.time);
  }
  assert.deepEqual(waits, [2_500, 5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
});

test('a starting server is retried soon, even after a long time offline', async () => {
  const w = aConnection();
  w.live.follow('events');
  await w.pass(200_000);
  w.answer = () => Promise.reject(Object.assign(new Error(), { code: 'not_ready' }));
  await w.pass(60_000);
  const [status, retryAt] = w.statuses.at(-1);
  assert.equal(status, 'offline');
  assert.ok(retryAt - w.time <= 2_500, `in ${retryAt - w.time} ms`);
});

test('“Retry now” does not wait', async () => {
  const w = aConnection();
  w.live.follow('events');
  w.source().listeners.error();
  await w.pass(3_000);
  w.live.retryNow();
  assert.equal(w.sources.length, 2);
});

test('if streams are blocked it polls, and retries the stream', async () => {
  const w = aConnection();
  let polls = 0;
  w.answer = () => Promise.resolve({ type: 'snapshot', data: { poll: ++polls } });
  w.live.follow('events');
  await w.pass(6_000);
  assert.equal(w.status(), 'polling');
  await w.pass(60_000);
  assert.ok(polls >= 8, `${polls} polls`);
  while (w.open() === 0) {
    await w.pass(1_000);
  }
  w.source().say('snapshot');
  const before = polls;
  await w.pass(15_000);
  assert.equal(w.status(), 'live');
  assert.equal(polls, before);
});

test('a silent stream is broken', async () => {
  const w = aConnection();
  w.live.follow('events');
  w.source().say('snapshot');
  await w.pass(19_000);
  assert.equal(w.status(), 'live');
  await w.pass(1_000);
  assert.equal(w.status(), 'offline');
});

test('if the browser reports no network, the server is checked at once', async () => {
  const w = aConnection();
  w.live.follow('events');
  w.source().say('snapshot');
  w.live.check();
  await w.pass(0);
  assert.equal(w.status(), 'offline');
  w.live.follow(null);
  w.live.check();
  await w.pass(0);
  assert.equal(w.open(), 0);
});

test('another stream replaces the first, whose events are ignored', async () => {
  const w = aConnection();
  w.live.follow('events');
  const first = w.source();
  w.live.follow('jobs/1/events');
  assert.ok(first.closed);
  first.say('job');
  assert.deepEqual(w.events, []);
  w.live.follow('jobs/1/events');
  assert.equal(w.sources.length, 2);
  w.live.follow(null);
  assert.equal(w.open(), 0);
});

test('a response for a stream that is no longer followed is dropped', async () => {
  const w = aConnection();
  let answer;
  w.answer = () => new Promise((resolve) => (answer = resolve));
  w.live.follow('events');
  w.source().listeners.error();
  await w.pass(3_000);
  w.live.follow('jobs/1/events');
  answer({ type: 'snapshot', data: {} });
  await settled();
  assert.deepEqual(w.events, []);
});

test('a hidden tab polls, and follows again when it is visible', async () => {
  const w = aConnection();
  w.answer = () => Promise.resolve({ type: 'snapshot', data: {} });
  w.live.follow('jobs/1/events');
  w.live.pollHidden('jobs/1/events');
  assert.equal(w.open(), 0);
  await w.pass(10_000);
  assert.equal(w.events.length, 2);
  w.live.follow('jobs/1/events');
  assert.equal(w.open(), 1);
});
