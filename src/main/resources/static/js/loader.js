// Asks for one thing again and again, one call at a time: on a slow server a call that ended the one before it would
// leave nothing that is ever answered. Pure.

/** Calls an action now and whenever it is asked to, until it is stopped. */
export class Loader {
  #action;
  #told;
  #stop = new AbortController();
  #again = false;
  #busy = false;
  #running = null;

  /**
   * @param {(signal: AbortSignal) => Promise<any>} action
   * @param {{onData: (data: any) => void, onError: (error: Error) => void}} told neither is called once it is stopped
   */
  constructor(action, told) {
    this.#action = action;
    this.#told = told;
  }

  /** Whether a call is under way. */
  get busy() {
    return this.#busy;
  }

  /** Asks now, or once more after the call that is under way; answers once its listeners have all of that. */
  load() {
    if (this.#busy) {
      this.#again = true;
    } else {
      this.#busy = true;
      this.#running = this.#run();
    }
    return this.#running;
  }

  async #run() {
    do {
      this.#again = false;
      const [tell, answer] = await this.#action(this.#stop.signal).then(
        (data) => [this.#told.onData, data],
        (error) => [this.#told.onError, error],
      );
      if (this.#stop.signal.aborted) {
        return;
      }
      this.#busy = this.#again;
      tell(answer);
    } while (this.#again);
  }

  /** Ends the call that is under way, and all others. */
  stop() {
    this.#stop.abort();
  }
}
