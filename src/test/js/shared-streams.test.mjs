import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OTHER_STREAMS, SharedStreams } from '../../main/resources/static/js/live/shared-streams.js';

/** Windows of one browser with a fake server and a clock that the test advances. */
function browser() {
  const b = { time: 1, timers: [], windows: [], opened: [], frozen: new Set() };
  b.window = (path) => {
    const w = { id: `w${b.windows.length}`, received: [], leaderLive: 0 };
    w.streams = new SharedStreams({
      id: w.id,
      main: 'events',
      post: (message) => b.windows.filter((other) => other !== w && !b.frozen.has(other)).forEach(({ streams }) => streams.receive(structuredClone(message))),
      open: (opened) => {
        const stream = { path: opened, by: w, closed: false, readyState: 1, listeners: {} };
        stream.addEventListener = (type, listener) => (stream.listeners[type] = listener);
        stream.close = () => (stream.closed = true);
        b.opened.push(stream);
        return stream;
      },
      poll: async (polled) => ({ type: 'snapshot', data: { polled } }),
      onLeaderLive: () => w.leaderLive++,
      now: () => b.time,
      random: () => 0.5,
      timers: {
        setTimeout: (action, ms) => {
          const timer = { action, at: b.time + ms, w };
          b.timers.push(timer);
          return timer;
        },
        clearTimeout: (timer) => (b.timers = b.timers.filter((other) => other !== timer)),
      },
    });
    w.follow = (followed) => {
      w.source = w.streams.connect(followed);
      for (const type of ['snapshot', 'job', 'log', 'ping', 'error']) {
        w.source.addEventListener(type, ({ data }) => w.received.push(type === 'error' ? type : `${type} ${data}`));
      }
    };
    b.windows.push(w);
    w.follow(path);
    return w;
  };
  b.pass = async (ms) => {
    const end = b.time + ms;
    for (;;) {
      const next = b.timers.filter(({ at, w }) => at <= end && !b.frozen.has(w)).sort((x, y) => x.at - y.at)[0];
      if (!next) {
        break;
      }
      b.time = Math.max(b.time, next.at);
      b.timers = b.timers.filter((other) => other !== next);
      next.action();
      await settled();
    }
    b.time = end;
    await settled();
  };
  b.open = () => b.opened.filter(({ closed, by }) => !closed && !b.frozen.has(by));
  b.say = async (path, type, data, id) => {
    b.open().filter((stream) => stream.path === path).forEach(({ listeners }) => listeners[type]({ data, lastEventId: id }));
    await settled();
  };
  return b;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('windows share one stream, and each receives every event once', async () => {
  const b = browser();
  const windows = Array.from({ length: 8 }, () => b.window('events'));
  await b.pass(500);
  assert.equal(b.open().length, 1);
  await b.say('events', 'snapshot', 'now', 'aaaaaaaa-5');
  await b.say('events', 'job', 'one', 'aaaaaaaa-6');
  await b.say('events', 'job', 'again', 'aaaaaaaa-6');
  for (const { received } of windows) {
    assert.deepEqual(received, ['snapshot now', 'job one']);
  }
});

test('a later window polls the current state and opens no stream', async () => {
  const b = browser();
  b.window('events');
  await b.pass(500);
  await b.say('events', 'snapshot', 'now', 'aaaaaaaa-5');
  const late = b.window('events');
  await b.pass(500);
  assert.equal(b.opened.length, 1);
  assert.deepEqual(late.received, ['snapshot {"polled":"events"}']);
  await b.say('events', 'job', 'one', 'aaaaaaaa-6');
  assert.deepEqual(late.received.slice(1), ['job one']);
  // It follows the same stream again, as after a break.
  late.source.close();
  late.follow('events');
  await b.pass(50);
  assert.deepEqual(late.received.slice(2), ['snapshot {"polled":"events"}']);
});

test('when the leader closes, another window takes over, and no event is delivered twice', async () => {
  const b = browser();
  const [first, second, third] = [b.window('events'), b.window('events'), b.window('events')];
  await b.pass(500);
  await b.say('events', 'snapshot', 'now', 'aaaaaaaa-5');
  first.streams.leave();
  await b.pass(500);
  assert.equal(b.open().length, 1);
  assert.notEqual(b.open()[0].by, first);
  await b.say('events', 'snapshot', 'later', 'aaaaaaaa-7');
  await b.say('events', 'job', 'one', 'aaaaaaaa-8');
  for (const { received } of [second, third]) {
    assert.deepEqual(received, ['snapshot now', 'snapshot later', 'job one']);
  }
});

test('a leader that follows nothing any more, such as a hidden window, hands over', async () => {
  const b = browser();
  const [first, second] = [b.window('events'), b.window('events')];
  await b.pass(500);
  first.source.close();
  await b.pass(500);
  assert.deepEqual(b.open().map(({ by }) => by), [second]);
  second.source.close();
  await b.pass(500);
  assert.equal(b.open().length, 0);
});

test('a frozen leader is replaced, and after it thaws there is one leader', async () => {
  const b = browser();
  const [first, second] = [b.window('events'), b.window('events')];
  await b.pass(500);
  b.frozen.add(first);
  await b.pass(6_000);
  assert.deepEqual(b.open().map(({ by }) => by), [second]);
  b.frozen.delete(first);
  await b.pass(3_000);
  assert.equal(b.open().length, 1);
  await b.say('events', 'snapshot', 'now', 'aaaaaaaa-5');
  assert.equal(first.received.at(-1), 'snapshot now');
  assert.equal(second.received.at(-1), 'snapshot now');
});

test('a window that disappears without a message leaves no stream behind', async () => {
  const b = browser();
  b.window('events');
  const gone = b.window('jobs/1/events');
  await b.pass(500);
  assert.equal(b.open().length, 2);
  b.frozen.add(gone);
  await b.pass(8_000);
  assert.deepEqual(b.open().map(({ path }) => path), ['events']);
});

test('the number of open streams is limited, and windows without one are notified', async () => {
  const b = browser();
  const windows = Array.from({ length: 8 }, (_, n) => b.window(`jobs/${n}/events`));
  await b.pass(500);
  assert.equal(b.open().length, MAX_OTHER_STREAMS);
  assert.equal(windows.filter(({ received }) => received.includes('error')).length, windows.length - MAX_OTHER_STREAMS);
  const main = b.window('events');
  await b.pass(500);
  assert.equal(b.open().length, MAX_OTHER_STREAMS + 1);
  assert.deepEqual(main.received, []);
});

test('the leader follows another stream without a new election', async () => {
  const b = browser();
  const [first, second] = [b.window('events'), b.window('events')];
  await b.pass(500);
  await b.say('events', 'snapshot', 'now', 'aaaaaaaa-5');
  first.source.close();
  first.follow('jobs/1/events');
  await b.pass(50);
  assert.deepEqual(b.open().map(({ by, path }) => [by, path]), [[first, 'events'], [first, 'jobs/1/events']]);
  first.source.close();
  first.follow('events');
  await b.pass(50);
  assert.equal(first.received.at(-1), 'snapshot {"polled":"events"}');
  assert.equal(b.open().length, 1);
  await b.say('events', 'job', 'one', 'aaaaaaaa-6');
  assert.equal(second.received.at(-1), 'job one');
});

test('all windows are notified of a break, and a refused stream is retried on the next request for it', async () => {
  const b = browser();
  const [first, second] = [b.window('events'), b.window('events')];
  await b.pass(500);
  const [stream] = b.open();
  stream.readyState = 2;
  stream.listeners.error();
  assert.deepEqual([first.received, second.received], [['error'], ['error']]);
  first.source.close();
  second.source.close();
  await b.pass(10_000);
  assert.equal(b.opened.length, 1);
  second.follow('events');
  await b.pass(500);
  assert.equal(b.opened.length, 2);
  await b.say('events', 'snapshot', 'now', 'bbbbbbbb-1');
  assert.equal(first.leaderLive, 0);
  await b.pass(1_500);
  assert.ok(first.leaderLive > 0, 'an idle window learns that the leader hears the server');
});
