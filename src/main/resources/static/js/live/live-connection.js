// Follows one event stream at a time. If the stream breaks, it polls until the stream is back; if polls fail too, the
// server is offline. The constructor takes everything outside, so that tests can replace it.

import { BROWSER_TIMERS, Timers } from './timers.js';

const EVENTS = ['snapshot', 'job', 'progress', 'log', 'deleted', 'reset', 'ping'];

/** The server pings every 15 s: after this long without an event the stream is broken, even if its socket is open. */
const SILENCE_MS = 20_000;
const FIRST_EVENT_MS = 6_000;
/** A shorter break is ignored: the browser reconnects after 2 s and misses nothing. */
const GRACE_MS = 3_000;
const POLL_MS = 3_000;
const HIDDEN_POLL_MS = 5_000;
const FIRST_WAIT_MS = 2_500;
const MAX_WAIT_MS = 30_000;

export class LiveConnection {
  #env;
  #timers;
  #path = null;
  #source = null;
  #isHidden = false;
  #isBroken = false;
  #attempts = 0;
  #streamDueAt = 0;
  #status = 'connecting';
  /** Grows with each stop, so that answers to older polls are ignored. */
  #round = 0;

  /**
   * @param {Object} env
   * @param {(path: string) => EventSource} env.connect
   * @param {(path: string) => Promise<{type: string, data: Object}>} env.poll requests what the stream would begin with
   * @param {(type: string, data: Object) => void} env.onEvent
   * @param {(status: 'connecting'|'live'|'polling'|'offline', retryAt: number|null) => void} env.onStatus called after
   *     each event and poll; retryAt in ms since 1970
   * @param {() => number} [env.now]
   * @param {() => number} [env.random]
   * @param {{setTimeout: Function, clearTimeout: Function}} [env.timers]
   */
  constructor(env) {
    this.#env = { now: () => Date.now(), random: Math.random, timers: BROWSER_TIMERS, ...env };
    this.#timers = new Timers(this.#env.timers);
  }

  /** Follows a stream, or none if path is null. Does nothing if that stream is followed already. */
  follow(path) {
    if (path === this.#path && !this.#isHidden) {
      return;
    }
    this.#stop();
    this.#isHidden = false;
    this.#path = path;
    if (path !== null) {
      this.#open();
    }
  }

  /** Polls instead of following: for a hidden tab. */
  pollHidden(path) {
    this.#stop();
    this.#isHidden = true;
    this.#path = path;
    const poll = () => {
      this.#poll().catch(() => {});
      this.#timers.set('hidden', HIDDEN_POLL_MS, poll);
    };
    this.#timers.set('hidden', HIDDEN_POLL_MS, poll);
  }

  /** Tries to open the stream now rather than after the wait. */
  retryNow() {
    if (this.#path !== null && !this.#isHidden && this.#status !== 'live') {
      this.#stop();
      this.#open();
    }
  }

  /** Checks now whether the server can be reached: the browser reports that the network is gone. */
  check() {
    if (this.#source !== null) {
      this.#recover();
    }
  }

  #stop() {
    this.#round++;
    this.#close();
    this.#timers.clearAll();
    this.#attempts = 0;
    this.#isBroken = false;
  }

  #open() {
    this.#close();
    this.#streamDueAt = this.#env.now() + this.#wait();
    const source = this.#env.connect(this.#path);
    this.#source = source;
    for (const type of EVENTS) {
      source.addEventListener(type, (event) => this.#onEvent(source, type, event));
    }
    source.addEventListener('error', () => this.#onError(source));
    this.#timers.set('silence', FIRST_EVENT_MS, () => this.#recover());
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }

  #onEvent(source, type, event) {
    if (source !== this.#source) {
      return;
    }
    this.#timers.clear('grace');
    this.#isBroken = false;
    this.#attempts = 0;
    this.#timers.set('silence', SILENCE_MS, () => this.#recover());
    this.#setStatus('live', null);
    // A reset needs no action: the snapshot after it replaces everything.
    if (type !== 'ping' && type !== 'reset') {
      this.#env.onEvent(type, JSON.parse(event.data));
    }
  }

  #onError(source) {
    if (source !== this.#source) {
      return;
    }
    if (this.#status === 'offline' || this.#status === 'polling') {
      this.#recover();
    } else if (!this.#isBroken) {
      this.#isBroken = true;
      this.#timers.set('grace', GRACE_MS, () => this.#recover());
    }
  }

  /** The stream is lost: polls, and reopens the stream when that is due. */
  async #recover() {
    this.#close();
    this.#timers.clear('silence');
    this.#timers.clear('grace');
    const round = this.#round;
    let hasAnswer = true;
    try {
      await this.#poll();
    } catch (error) {
      hasAnswer = false;
      if (error.code === 'not_ready') {
        // The server is starting; it will be ready soon.
        this.#attempts = 0;
      }
    }
    if (round !== this.#round) {
      return;
    }
    const now = this.#env.now();
    if (hasAnswer) {
      this.#setStatus('polling', null);
      const isDue = now >= this.#streamDueAt;
      this.#timers.set('retry', isDue ? 0 : POLL_MS, () => (isDue ? this.#reopen() : this.#recover()));
    } else {
      const wait = this.#wait();
      this.#setStatus('offline', now + wait);
      this.#timers.set('retry', wait, () => this.#reopen());
    }
  }

  #reopen() {
    this.#attempts++;
    this.#open();
  }

  async #poll() {
    const round = this.#round;
    const { type, data } = await this.#env.poll(this.#path);
    if (round === this.#round) {
      this.#env.onEvent(type, data);
    }
  }

  /** Exponential backoff with jitter, so that not all pages return at the same time. */
  #wait() {
    const wait = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#attempts);
    return Math.round(wait * (0.8 + 0.4 * this.#env.random()));
  }

  #setStatus(status, retryAt) {
    this.#status = status;
    this.#env.onStatus(status, retryAt);
  }
}
