/**
 * Loads one thing, again whenever asked, with one request at a time. A slow server would never finish any if each new
 * request cancelled the one before.
 */
export class Loader {
  #action;
  #listeners;
  #abort = new AbortController();
  #isPending = false;
  #isBusy = false;
  #running = null;

  /**
   * @param {(signal: AbortSignal) => Promise<any>} action
   * @param {{onData: (data: any) => void, onError: (error: Error) => void}} listeners not called after stop()
   */
  constructor(action, listeners) {
    this.#action = action;
    this.#listeners = listeners;
  }

  /** Whether a request is under way or will follow. */
  get isBusy() {
    return this.#isBusy;
  }

  /** Loads now, or once more after the current request; resolves when the listeners have been called for both. */
  load() {
    if (this.#isBusy) {
      this.#isPending = true;
    } else {
      this.#isBusy = true;
      this.#running = this.#run();
    }
    return this.#running;
  }

  async #run() {
    do {
      this.#isPending = false;
      const [listener, value] = await this.#action(this.#abort.signal).then(
        (data) => [this.#listeners.onData, data],
        (error) => [this.#listeners.onError, error],
      );
      if (this.#abort.signal.aborted) {
        return;
      }
      this.#isBusy = this.#isPending;
      listener(value);
    } while (this.#isPending);
  }

  /** Aborts the current request and sends no more. */
  stop() {
    this.#abort.abort();
  }
}
