import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OTHER_STREAMS, SharedStreams } from '../../main/resources/static/js/live/shared-streams.js';

/** Windows of one browser, and a server whose answers the test sets; time passes when the test says so. */
function browser() {
  const b = { time: 1, timers: [], windows: [], opened: [], frozen: new Set() };
  b.window = (path) => {
    const w = { id: `w${b.windows.length}`, heard: [], elsewhere: 0 };
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
      onLeaderLive: () => w.elsewhere++,
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
        w.source.addEventListener(type, ({ data }) => w.heard.push(type === 'error' ? type : `${type} ${data}`));
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

test('windows share one stream, and each hears every event once', async () => {
  const b = browser();
  const windows = Array.from({ length: 8 }, () => b.window('events'));
  await b.pass(500);
  assert.equal(b.open().length, 1);
  await b.say('events', 'snapshot', 'now', 'aaaaaaaa-5');
  await b.say('events', 'job', 'one', 'aaaaaaaa-6');
  await b.say('events', 'job', 'again', 'aaaaaaaa-6');
  for (const { heard } of windows) {
    assert.deepEqual(heard, ['snapshot now', 'job one']);
  }
});

test('a window that comes later asks what is now, and opens no stream', async () => {
  const b = browser();
  b.window('events');
  await b.pass(500);
  await b.say('events', 'snapshot', 'now', 'aaaaaaaa-5');
  const late = b.window('events');
  await b.pass(500);
  assert.equal(b.opened.length, 1);
  assert.deepEqual(late.heard, ['snapshot {"polled":"events"}']);
  await b.say('events', 'job', 'one', 'aaaaaaaa-6');
  assert.deepEqual(late.heard.slice(1), ['job one']);
  // Its own stream was broken, say: it follows the same one again.
  late.source.close();
  late.follow('events');
  await b.pass(50);
  assert.deepEqual(late.heard.slice(2), ['snapshot {"polled":"events"}']);
});

test('when the host closes, another window goes on, and what both say is heard once', async () => {
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
  for (const { heard } of [second, third]) {
    assert.deepEqual(heard, ['snapshot now', 'snapshot later', 'job one']);
  }
});

test('a host that follows nothing more, as a hidden window does, hands over', async () => {
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

test('a host that is frozen is replaced, and when it thaws there is one again', async () => {
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
  assert.equal(first.heard.at(-1), 'snapshot now');
  assert.equal(second.heard.at(-1), 'snapshot now');
});

test('a window that goes away without a word leaves no stream behind', async () => {
  const b = browser();
  b.window('events');
  const gone = b.window('jobs/1/events');
  await b.pass(500);
  assert.equal(b.open().length, 2);
  b.frozen.add(gone);
  await b.pass(8_000);
  assert.deepEqual(b.open().map(({ path }) => path), ['events']);
});

test('however many streams are wanted, few are open, and the others do without', async () => {
  const b = browser();
  const windows = Array.from({ length: 8 }, (_, n) => b.window(`jobs/${n}/events`));
  await b.pass(500);
  assert.equal(b.open().length, MAX_OTHER_STREAMS);
  assert.equal(windows.filter(({ heard }) => heard.includes('error')).length, windows.length - MAX_OTHER_STREAMS);
  const main = b.window('events');
  await b.pass(500);
  assert.equal(b.open().length, MAX_OTHER_STREAMS + 1);
  assert.deepEqual(main.heard, []);
});

test('the host follows another stream without a new election', async () => {
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
  assert.equal(first.heard.at(-1), 'snapshot {"polled":"events"}');
  assert.equal(b.open().length, 1);
  await b.say('events', 'job', 'one', 'aaaaaaaa-6');
  assert.equal(second.heard.at(-1), 'job one');
});

test('all windows hear of a break, and a stream that the server refuses is tried again when it is wanted again', async () => {
  const b = browser();
  const [first, second] = [b.window('events'), b.window('events')];
  await b.pass(500);
  const [stream] = b.open();
  stream.readyState = 2;
  stream.listeners.error();
  assert.deepEqual([first.heard, second.heard], [['error'], ['error']]);
  first.source.close();
  second.source.close();
  await b.pass(10_000);
  assert.equal(b.opened.length, 1);
  second.follow('events');
  await b.pass(500);
  assert.equal(b.opened.length, 2);
  await b.say('events', 'snapshot', 'now', 'bbbbbbbb-1');
  assert.equal(first.elsewhere, 0);
  await b.pass(1_500);
  assert.ok(first.elsewhere > 0, 'a window that waits hears that another has reached the server');
});
