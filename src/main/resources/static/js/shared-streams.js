// One event stream for all windows of a browser: over HTTP/1.1 a browser opens six connections to a server and no more,
// so a stream for each window would leave none for calls. One window is the host: it holds the streams and passes on
// what they say. When it closes, is hidden or falls silent, another takes its place. All that is outside comes in
// through the constructor, so that tests can play it.

const TYPES = ['snapshot', 'job', 'progress', 'log', 'deleted', 'reset', 'ping'];

/** The most streams at a time beside the one that most windows follow. */
export const MOST_OTHERS = 2;
/** How long a window waits for a host to answer before it becomes one. */
const SEEK_MS = 100;
const BEAT_MS = 1_000;
/** After so long without a word a host is gone, or frozen. */
const SILENCE_MS = 4_000;
/** After so long without a word a window no longer wants its stream. */
const FORGET_MS = 5_000;

/** What a window listens to, in place of an EventSource. */
class Source {
  #listeners = new Map();
  #last = null;
  #onClosed;

  constructor(path, onClosed) {
    this.path = path;
    this.#onClosed = onClosed;
  }

  addEventListener(type, listener) {
    this.#listeners.set(type, listener);
  }

  close() {
    this.#listeners.clear();
    this.#onClosed(this);
  }

  /** Delivers each event once, also while one host replaces another. */
  tell(type, data, id) {
    const hasPlace = TYPES.includes(type) && type !== 'ping' && Boolean(id);
    if (hasPlace && type !== 'snapshot' && type !== 'reset' && !isAfter(id, this.#last)) {
      return;
    }
    if (hasPlace) {
      this.#last = id;
    }
    this.#listeners.get(type)?.({ data, lastEventId: id });
  }
}

/** Whether an event comes after another; numbers of different starts of the server cannot be compared. */
function isAfter(id, last) {
  const [boot, number] = id.split('-');
  const [lastBoot, lastNumber] = (last ?? '').split('-');
  return boot !== lastBoot || Number(number) > Number(lastNumber);
}

/** The part of one window in it. A window follows one stream at a time. */
export class SharedStreams {
  #outside;
  #timers = {};
  #source = null;
  /** Counts what this window has followed, so that the host knows who is new to a stream. */
  #number = 0;
  #role = 'idle';
  /** As a guest: who the host is. */
  #host = null;
  /** As the host: since when, the streams by path, and the other windows with what they follow. */
  #since = 0;
  #streams = new Map();
  #guests = new Map();

  /**
   * @param {Object} outside
   * @param {string} outside.id names this window
   * @param {string} outside.main the path that is followed however many others are
   * @param {(message: Object) => void} outside.post tells all other windows; what they tell comes to hear()
   * @param {(path: string) => EventSource} outside.open
   * @param {(path: string) => Promise<{type: string, data: Object}>} outside.ask what is now, for who joins later
   * @param {() => void} [outside.onElsewhere] another window hears the server, and this one follows nothing
   * @param {() => number} [outside.now]
   * @param {() => number} [outside.random]
   * @param {{setTimeout: Function, clearTimeout: Function}} [outside.timers]
   */
  constructor(outside) {
    this.#outside = {
      onElsewhere: () => {},
      now: () => Date.now(),
      random: Math.random,
      timers: { setTimeout: (f, ms) => setTimeout(f, ms), clearTimeout: (timer) => clearTimeout(timer) },
      ...outside,
    };
  }

  /** Follows a stream; what is returned is used as an EventSource. */
  connect(path) {
    const source = new Source(path, (closed) => this.#closed(closed));
    this.#source = source;
    this.#number++;
    this.#clear('rest');
    if (this.#role === 'host') {
      this.#serve();
      this.#join(source);
    } else if (this.#role === 'guest') {
      this.#want();
    } else {
      this.#seek();
    }
    return source;
  }

  /** Ends this window's part at once: the page goes away, or is kept by the browser as it is. */
  leave() {
    this.#source = null;
    this.#rest();
  }

  /** Takes in what another window has posted. */
  hear(message) {
    const { kind, from } = message;
    if (this.#role === 'idle') {
      if (kind === 'host' && message.isLive) {
        this.#outside.onElsewhere();
      }
    } else if (kind === 'host') {
      this.#hearHost(from, message.since);
    } else if (kind === 'bye' && from === this.#host) {
      this.#hearBye(message.heir);
    } else if (kind === 'want' && this.#role === 'host') {
      this.#hearWant(message);
    } else if (kind === 'event' && this.#role !== 'host' && message.path === this.#source?.path) {
      this.#source.tell(message.type, message.data, message.id);
    } else if (kind === 'joined' && message.to === this.#outside.id && message.path === this.#source?.path) {
      this.#askFor(this.#source);
    } else if (kind === 'full' && message.to === this.#outside.id && message.path === this.#source?.path) {
      this.#source.tell('error');
    }
  }

  #hearHost(from, since) {
    if (this.#role === 'host') {
      if (since < this.#since || (since === this.#since && from < this.#outside.id)) {
        // Two became host at the same time, or this one was frozen: the other goes on.
        this.#endStreams();
      } else {
        this.#say();
        return;
      }
    }
    this.#role = 'guest';
    this.#host = from;
    this.#clear('beat');
    this.#after('host', SILENCE_MS, () => this.#seek());
    this.#want();
  }

  /** The host has left its place to one of its guests, so that two do not take it at the same time. */
  #hearBye(heir) {
    if (heir === null) {
      this.#seek();
    } else if (heir === this.#outside.id) {
      this.#becomeHost();
    } else {
      this.#host = heir;
      this.#after('host', SILENCE_MS, () => this.#seek());
    }
  }

  #hearWant({ from, path, number, seeking }) {
    const isNew = this.#guests.get(from)?.number !== number;
    if (path === null) {
      this.#guests.delete(from);
    } else {
      this.#guests.set(from, { path, number, at: this.#outside.now() });
    }
    this.#serve();
    if (seeking) {
      this.#say();
    }
    const stream = this.#streams.get(path);
    if (path === null || !isNew) {
      return;
    }
    if (stream === undefined) {
      this.#post('full', { to: from, path });
    } else if (stream.isLive) {
      this.#post('joined', { to: from, path });
    }
  }

  /** Looks for a host, and becomes one if there is none. */
  #seek() {
    this.#role = 'seeking';
    this.#host = null;
    this.#after('host', SEEK_MS * (1 + this.#outside.random()), () => this.#becomeHost());
    this.#want();
  }

  #becomeHost() {
    this.#clear('host');
    this.#role = 'host';
    this.#host = null;
    this.#since = this.#outside.now();
    this.#guests.clear();
    this.#beat();
  }

  /** Says that this window is the host, and forgets windows that have fallen silent. */
  #beat() {
    const { now } = this.#outside;
    for (const [id, { at }] of this.#guests) {
      if (now() - at > FORGET_MS) {
        this.#guests.delete(id);
      }
    }
    this.#serve();
    this.#say();
    this.#after('beat', BEAT_MS, () => this.#beat());
  }

  #say() {
    const isLive = [...this.#streams.values()].some((stream) => stream.isLive);
    this.#post('host', { since: this.#since, isLive });
  }

  /** Opens the streams that are wanted, as many as may be, and closes those that are not. */
  #serve() {
    const wanted = new Set([this.#source?.path, ...[...this.#guests.values()].map(({ path }) => path)]);
    wanted.delete(undefined);
    for (const [path, { source }] of this.#streams) {
      if (!wanted.has(path)) {
        source.close();
        this.#streams.delete(path);
      }
    }
    for (const path of wanted) {
      if (!this.#streams.has(path) && this.#hasRoom(path)) {
        this.#open(path);
      }
    }
  }

  #hasRoom(path) {
    const { main } = this.#outside;
    return path === main || [...this.#streams.keys()].filter((open) => open !== main).length < MOST_OTHERS;
  }

  #open(path) {
    const source = this.#outside.open(path);
    const stream = { source, isLive: false };
    this.#streams.set(path, stream);
    const pass = (type, data, id) => {
      if (this.#streams.get(path) === stream) {
        if (this.#guests.size > 0) {
          this.#post('event', { path, type, data, id });
        }
        if (this.#source?.path === path) {
          this.#source.tell(type, data, id);
        }
      }
    };
    for (const type of TYPES) {
      source.addEventListener(type, ({ data, lastEventId }) => {
        stream.isLive = true;
        pass(type, data, lastEventId);
      });
    }
    source.addEventListener('error', () => {
      stream.isLive = false;
      pass('error');
      // One that the browser does not open again is none.
      if (source.readyState === 2 && this.#streams.get(path) === stream) {
        this.#streams.delete(path);
      }
    });
  }

  /** As the host, this window's own source: what is now, if its stream has said so before, or that there is none. */
  #join(source) {
    const stream = this.#streams.get(source.path);
    if (stream === undefined) {
      this.#outside.timers.setTimeout(() => source.tell('error'), 0);
    } else if (stream.isLive) {
      this.#askFor(source);
    }
  }

  async #askFor(source) {
    try {
      const { type, data } = await this.#outside.ask(source.path);
      source.tell(type, JSON.stringify(data));
    } catch {
      source.tell('error');
    }
  }

  #closed(source) {
    if (source === this.#source) {
      this.#source = null;
      // Most often another is opened right after.
      this.#after('rest', 0, () => this.#rest());
    }
  }

  /** Follows nothing. */
  #rest() {
    const role = this.#role;
    for (const name of Object.keys(this.#timers)) {
      this.#clear(name);
    }
    this.#role = 'idle';
    this.#host = null;
    if (role === 'host') {
      const [heir = null] = this.#guests.keys();
      this.#endStreams();
      this.#post('bye', { heir });
    } else if (role !== 'idle') {
      this.#want();
    }
  }

  #endStreams() {
    for (const { source } of this.#streams.values()) {
      source.close();
    }
    this.#streams.clear();
    this.#guests.clear();
  }

  #want() {
    this.#post('want', { path: this.#source?.path ?? null, number: this.#number, seeking: this.#role === 'seeking' });
  }

  #post(kind, more = {}) {
    this.#outside.post({ kind, from: this.#outside.id, ...more });
  }

  #after(name, ms, action) {
    this.#clear(name);
    this.#timers[name] = this.#outside.timers.setTimeout(action, ms);
  }

  #clear(name) {
    if (this.#timers[name] !== undefined) {
      this.#outside.timers.clearTimeout(this.#timers[name]);
      delete this.#timers[name];
    }
  }
}
