// One event stream for all windows of a browser. Over HTTP/1.1 a browser opens at most six connections to a server, so a
// stream for each window would leave none for requests. The windows elect a leader, which holds the streams and forwards
// their events. If the leader closes, is hidden or falls silent, another window takes over. The constructor takes
// everything outside, so that tests can replace it.
//
// Messages, each with kind and from (the sender's id):
//   leader {since, isLive}                    the sender leads, and whether it hears the server; sent every second
//   resigned {successor}                      the sender no longer leads; successor is null if it had no followers
//   subscribe {path, number, isElecting}      what the sender follows; path null: nothing
//   event {path, type, data, id}              an event of a stream
//   joined {to, path}                         to a new follower of a running stream: it must poll the current state
//   full {to, path}                           to a follower whose stream is not opened: too many are open

import { BROWSER_TIMERS, Timers } from './timers.js';

const EVENTS = ['snapshot', 'job', 'progress', 'log', 'deleted', 'reset', 'ping'];

/** The most streams open beside the main one. */
export const MAX_OTHER_STREAMS = 2;
/** How long a window waits for a leader before it becomes the leader. */
const ELECTION_MS = 100;
const HEARTBEAT_MS = 1_000;
/** A leader silent for this long is closed or frozen. */
const LEADER_TIMEOUT_MS = 4_000;
/** A follower silent for this long no longer counts. */
const FOLLOWER_TIMEOUT_MS = 5_000;
/** The readyState of an EventSource that the browser does not reconnect. */
const CLOSED = 2;

/** What a window listens to, in place of an EventSource. */
class SharedSource {
  #listeners = new Map();
  #lastId = null;
  #onClose;

  constructor(path, onClose) {
    this.path = path;
    this.#onClose = onClose;
  }

  addEventListener(type, listener) {
    this.#listeners.set(type, listener);
  }

  close() {
    this.#listeners.clear();
    this.#onClose(this);
  }

  /** Delivers each event once, also while one leader replaces another. */
  dispatch(type, data, id) {
    const isNumbered = EVENTS.includes(type) && type !== 'ping' && Boolean(id);
    if (isNumbered && type !== 'snapshot' && type !== 'reset' && !isAfter(id, this.#lastId)) {
      return;
    }
    if (isNumbered) {
      this.#lastId = id;
    }
    this.#listeners.get(type)?.({ data, lastEventId: id });
  }
}

/** Whether an event comes after another. The numbers of different server starts cannot be compared. */
function isAfter(id, lastId) {
  const [boot, number] = id.split('-');
  const [lastBoot, lastNumber] = (lastId ?? '').split('-');
  return boot !== lastBoot || Number(number) > Number(lastNumber);
}

/** One window's part. A window follows one stream at a time. */
export class SharedStreams {
  #env;
  #timers;
  /** 'idle' (follows nothing), 'electing', 'follower' or 'leader'. */
  #role = 'idle';
  #source = null;
  /** Counts the streams that this window has followed, so that the leader can tell a new one from a repeated message. */
  #number = 0;
  /** As a follower: the leader's id. */
  #leader = null;
  /** As the leader: since when, the open streams by path, and the followers by id. */
  #since = 0;
  #streams = new Map();
  #followers = new Map();

  /**
   * @param {Object} env
   * @param {string} env.id names this window
   * @param {string} env.main the path of the stream that is always opened if a window wants it
   * @param {(message: Object) => void} env.post sends a message to all other windows; theirs go to receive()
   * @param {(path: string) => EventSource} env.open
   * @param {(path: string) => Promise<{type: string, data: Object}>} env.poll requests the current state for a window
   *     that joins a running stream
   * @param {() => void} [env.onLeaderLive] another window hears the server while this one is idle
   * @param {() => number} [env.now]
   * @param {() => number} [env.random]
   * @param {{setTimeout: Function, clearTimeout: Function}} [env.timers]
   */
  constructor(env) {
    this.#env = { onLeaderLive: () => {}, now: () => Date.now(), random: Math.random, timers: BROWSER_TIMERS, ...env };
    this.#timers = new Timers(this.#env.timers);
  }

  /** Follows a stream; the returned object is used like an EventSource. */
  connect(path) {
    const source = new SharedSource(path, (closed) => this.#onClose(closed));
    this.#source = source;
    this.#number++;
    this.#timers.clear('idle');
    if (this.#role === 'leader') {
      this.#updateStreams();
      this.#join(source);
    } else if (this.#role === 'follower') {
      this.#subscribe();
    } else {
      this.#elect();
    }
    return source;
  }

  /** Ends this window's part at once: the page closes or goes to the back-forward cache. */
  leave() {
    this.#source = null;
    this.#becomeIdle();
  }

  /** Receives another window's message. */
  receive(message) {
    const { kind, from } = message;
    if (this.#role === 'idle') {
      if (kind === 'leader' && message.isLive) {
        this.#env.onLeaderLive();
      }
    } else if (kind === 'leader') {
      this.#onLeader(from, message.since);
    } else if (kind === 'resigned' && from === this.#leader) {
      this.#onResigned(message.successor);
    } else if (kind === 'subscribe' && this.#role === 'leader') {
      this.#onSubscribe(message);
    } else if (kind === 'event' && this.#role !== 'leader' && message.path === this.#source?.path) {
      this.#source.dispatch(message.type, message.data, message.id);
    } else if (message.to === this.#env.id && message.path === this.#source?.path) {
      this.#onReply(kind);
    }
  }

  #onLeader(from, since) {
    if (this.#role === 'leader') {
      if (since < this.#since || (since === this.#since && from < this.#env.id)) {
        // Two windows became leader at the same time, or this one was frozen: the other stays.
        this.#closeStreams();
      } else {
        this.#postLeader();
        return;
      }
    }
    this.#role = 'follower';
    this.#leader = from;
    this.#timers.clear('heartbeat');
    this.#timers.set('leader', LEADER_TIMEOUT_MS, () => this.#elect());
    this.#subscribe();
  }

  /** The leader names its successor, so that two windows do not take over at the same time. */
  #onResigned(successor) {
    if (successor === null) {
      this.#elect();
    } else if (successor === this.#env.id) {
      this.#becomeLeader();
    } else {
      this.#leader = successor;
      this.#timers.set('leader', LEADER_TIMEOUT_MS, () => this.#elect());
    }
  }

  #onSubscribe({ from, path, number, isElecting }) {
    const isNew = this.#followers.get(from)?.number !== number;
    if (path === null) {
      this.#followers.delete(from);
    } else {
      this.#followers.set(from, { path, number, at: this.#env.now() });
    }
    this.#updateStreams();
    if (isElecting) {
      this.#postLeader();
    }
    if (path === null || !isNew) {
      return;
    }
    const stream = this.#streams.get(path);
    if (stream === undefined) {
      this.#post('full', { to: from, path });
    } else if (stream.isLive) {
      this.#post('joined', { to: from, path });
    }
  }

  #onReply(kind) {
    if (kind === 'joined') {
      this.#poll(this.#source);
    } else if (kind === 'full') {
      this.#source.dispatch('error');
    }
  }

  /** Looks for a leader, and becomes one if there is none. */
  #elect() {
    this.#role = 'electing';
    this.#leader = null;
    this.#timers.set('leader', ELECTION_MS * (1 + this.#env.random()), () => this.#becomeLeader());
    this.#subscribe();
  }

  #becomeLeader() {
    this.#timers.clear('leader');
    this.#role = 'leader';
    this.#leader = null;
    this.#since = this.#env.now();
    this.#followers.clear();
    this.#heartbeat();
  }

  #heartbeat() {
    const now = this.#env.now();
    for (const [id, { at }] of this.#followers) {
      if (now - at > FOLLOWER_TIMEOUT_MS) {
        this.#followers.delete(id);
      }
    }
    this.#updateStreams();
    this.#postLeader();
    this.#timers.set('heartbeat', HEARTBEAT_MS, () => this.#heartbeat());
  }

  /** Opens the streams that are wanted, as far as the limit allows, and closes all others. */
  #updateStreams() {
    const wanted = new Set([this.#source?.path, ...[...this.#followers.values()].map(({ path }) => path)]);
    wanted.delete(undefined);
    for (const [path, { source }] of this.#streams) {
      if (!wanted.has(path)) {
        source.close();
        this.#streams.delete(path);
      }
    }
    for (const path of wanted) {
      if (!this.#streams.has(path) && this.#mayOpen(path)) {
        this.#open(path);
      }
    }
  }

  #mayOpen(path) {
    const { main } = this.#env;
    return path === main || [...this.#streams.keys()].filter((open) => open !== main).length < MAX_OTHER_STREAMS;
  }

  #open(path) {
    const source = this.#env.open(path);
    const stream = { source, isLive: false };
    this.#streams.set(path, stream);
    const forward = (type, data, id) => {
      if (this.#streams.get(path) === stream) {
        if (this.#followers.size > 0) {
          this.#post('event', { path, type, data, id });
        }
        if (this.#source?.path === path) {
          this.#source.dispatch(type, data, id);
        }
      }
    };
    for (const type of EVENTS) {
      source.addEventListener(type, ({ data, lastEventId }) => {
        stream.isLive = true;
        forward(type, data, lastEventId);
      });
    }
    source.addEventListener('error', () => {
      stream.isLive = false;
      forward('error');
      if (source.readyState === CLOSED && this.#streams.get(path) === stream) {
        this.#streams.delete(path);
      }
    });
  }

  /** As the leader: brings this window's new source up to date, or fails it if its stream is not opened. */
  #join(source) {
    const stream = this.#streams.get(source.path);
    if (stream === undefined) {
      this.#env.timers.setTimeout(() => source.dispatch('error'), 0);
    } else if (stream.isLive) {
      this.#poll(source);
    }
  }

  async #poll(source) {
    try {
      const { type, data } = await this.#env.poll(source.path);
      source.dispatch(type, JSON.stringify(data));
    } catch {
      source.dispatch('error');
    }
  }

  #onClose(source) {
    if (source === this.#source) {
      this.#source = null;
      // Often another source is opened right after.
      this.#timers.set('idle', 0, () => this.#becomeIdle());
    }
  }

  #becomeIdle() {
    const role = this.#role;
    this.#timers.clearAll();
    this.#role = 'idle';
    this.#leader = null;
    if (role === 'leader') {
      const [successor = null] = this.#followers.keys();
      this.#closeStreams();
      this.#post('resigned', { successor });
    } else if (role !== 'idle') {
      this.#subscribe();
    }
  }

  #closeStreams() {
    for (const { source } of this.#streams.values()) {
      source.close();
    }
    this.#streams.clear();
    this.#followers.clear();
  }

  #postLeader() {
    const isLive = [...this.#streams.values()].some((stream) => stream.isLive);
    this.#post('leader', { since: this.#since, isLive });
  }

  #subscribe() {
    const path = this.#source?.path ?? null;
    this.#post('subscribe', { path, number: this.#number, isElecting: this.#role === 'electing' });
  }

  #post(kind, fields) {
    this.#env.post({ kind, from: this.#env.id, ...fields });
  }
}
