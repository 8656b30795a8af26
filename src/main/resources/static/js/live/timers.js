// Timers by name: setting one replaces the one of the same name.

/** The browser's timers; tests pass their own. */
export const BROWSER_TIMERS = {
  setTimeout: (action, ms) => setTimeout(action, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

export class Timers {
  #clock;
  #running = new Map();

  /** @param {{setTimeout: Function, clearTimeout: Function}} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  set(name, ms, action) {
    this.clear(name);
    this.#running.set(name, this.#clock.setTimeout(action, ms));
  }

  clear(name) {
    this.#clock.clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  clearAll() {
    for (const name of [...this.#running.keys()]) {
      this.clear(name);
    }
  }
}
