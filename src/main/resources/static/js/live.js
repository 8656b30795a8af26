// The only event stream. It is followed while it speaks; when it breaks, calls stand in for it, and when those fail as
// well the server is offline. All that is outside comes in through the constructor, so that tests can play it.

const EVENTS = ['snapshot', 'job', 'progress', 'log', 'deleted', 'reset', 'ping'];

/** The server pings every 15 s: after this long without a word the stream is broken, whatever the socket says. */
const SILENCE_MS = 20_000;
const FIRST_WORD_MS = 6_000;
/** For so long a break is nobody's concern: the browser itself comes back after 2 s and misses nothing. */
const GRACE_MS = 3_000;
const POLL_MS = 3_000;
const HIDDEN_POLL_MS = 5_000;
const FIRST_WAIT_MS = 2_500;
const LONGEST_WAIT_MS = 30_000;

/** Follows one stream at a time. */
export class Live {
  #outside;
  #path = null;
  #source = null;
  #timers = {};
  #brokenAt = null;
  #tries = 0;
  #streamDueAt = 0;
  #status = 'connecting';
  #round = 0;

  /**
   * @param {Object} outside
   * @param {(path: string) => EventSource} outside.connect
   * @param {(path: string) => Promise<{type: string, data: Object}>} outside.poll asks what the stream would tell
   * @param {(type: string, data: Object) => void} outside.onEvent
   * @param {(status: 'connecting'|'live'|'polling'|'offline', retryAt: number|null) => void} outside.onStatus
   *     also each time that something was heard; retryAt in ms since 1970
   * @param {() => number} [outside.now]
   * @param {() => number} [outside.random]
   * @param {{setTimeout: Function, clearTimeout: Function}} [outside.timers]
   */
  constructor(outside) {
    this.#outside = {
      now: () => Date.now(),
      random: Math.random,
      timers: { setTimeout: (f, ms) => setTimeout(f, ms), clearTimeout: (timer) => clearTimeout(timer) },
      ...outside,
    };
  }

  /** Follows another stream, or none where path is null; a path that is followed already is left alone. */
  follow(path) {
    if (path === this.#path && this.#timers.hidden === undefined) {
      return;
    }
    this.#path = path;
    this.#stop();
    if (path !== null) {
      this.#open();
    }
  }

  /** Asks now and then instead of following: for a tab that nobody looks at. */
  watchHidden(path) {
    this.#path = path;
    this.#stop();
    const again = () => {
      this.#timers.hidden = undefined;
      this.#poll().catch(() => {});
      this.#after('hidden', HIDDEN_POLL_MS, again);
    };
    this.#after('hidden', HIDDEN_POLL_MS, again);
  }

  /** Tries at once, rather than when the wait is over. */
  retryNow() {
    if (this.#path !== null && this.#status !== 'live') {
      this.#stop();
      this.#open();
    }
  }

  /** The network is said to be gone: asks at once, rather than when the silence has lasted. */
  doubt() {
    if (this.#source !== null) {
      this.#recover();
    }
  }

  #stop() {
    this.#round++;
    this.#close();
    for (const name of Object.keys(this.#timers)) {
      this.#clear(name);
    }
    this.#tries = 0;
    this.#brokenAt = null;
  }

  #open() {
    this.#close();
    this.#streamDueAt = this.#outside.now() + this.#wait();
    const source = this.#outside.connect(this.#path);
    this.#source = source;
    for (const type of EVENTS) {
      source.addEventListener(type, (event) => this.#heard(source, type, event));
    }
    source.addEventListener('error', () => this.#failed(source));
    this.#after('silence', FIRST_WORD_MS, () => this.#recover());
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }

  #heard(source, type, event) {
    if (source !== this.#source) {
      return;
    }
    this.#clear('grace');
    this.#brokenAt = null;
    this.#tries = 0;
    this.#after('silence', SILENCE_MS, () => this.#recover());
    this.#tell('live', null);
    // After a reset comes a snapshot, and a snapshot is taken as what is now in any case.
    if (type !== 'ping' && type !== 'reset') {
      this.#outside.onEvent(type, JSON.parse(event.data));
    }
  }

  #failed(source) {
    if (source !== this.#source) {
      return;
    }
    if (this.#status === 'offline' || this.#status === 'polling') {
      this.#recover();
    } else if (this.#brokenAt === null) {
      this.#brokenAt = this.#outside.now();
      this.#after('grace', GRACE_MS, () => this.#recover());
    }
  }

  /** The stream is lost: asks instead, and opens it again when that is due. */
  async #recover() {
    this.#close();
    this.#clear('silence');
    this.#clear('grace');
    const round = this.#round;
    let answered = true;
    try {
      await this.#poll();
    } catch (error) {
      answered = false;
      if (error.code === 'not_ready') {
        // A server that starts is there in a moment.
        this.#tries = 0;
      }
    }
    if (round !== this.#round) {
      return;
    }
    const now = this.#outside.now();
    if (answered) {
      this.#tell('polling', null);
      const due = now >= this.#streamDueAt;
      this.#after('retry', due ? 0 : POLL_MS, () => (due ? this.#again() : this.#recover()));
    } else {
      const wait = this.#wait();
      this.#tell('offline', now + wait);
      this.#after('retry', wait, () => this.#again());
    }
  }

  #again() {
    this.#tries++;
    this.#open();
  }

  async #poll() {
    const round = this.#round;
    const { type, data } = await this.#outside.poll(this.#path);
    if (round === this.#round) {
      this.#outside.onEvent(type, data);
    }
  }

  /** Grows with each try, and is jittered so that not all pages come back in one moment. */
  #wait() {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries);
    return Math.round(longest * (0.8 + 0.4 * this.#outside.random()));
  }

  #tell(status, retryAt) {
    this.#status = status;
    this.#outside.onStatus(status, retryAt);
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
