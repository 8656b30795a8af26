// All requests to the server. URLs are relative, so that the page works behind a path prefix.

import { search } from '../lib/router.js';

const TIMEOUT_MS = 20_000;

/** Why a request failed. */
export class ApiError extends Error {
  /**
   * @param {number} status the HTTP status, or 0 if there was no response
   * @param {string} code the API's error code; 'offline', 'timeout' or 'aborted' if there was no response
   * @param {string} message what happened and what to do
   * @param {Array<{field: string, message: string}>} errors by field
   */
  constructor(status, code, message, errors = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

let unauthorizedListener = () => {};

/** Calls a function whenever the server responds with 401 or 403. */
export function onUnauthorized(listener) {
  unauthorizedListener = listener;
}

/**
 * Sends one request.
 *
 * @param {string} method such as GET
 * @param {string} path relative, such as api/v1/jobs
 * @param {{body?: unknown, key?: string, ifMatch?: string, signal?: AbortSignal, alsoOk?: number, tagged?: boolean}} [options]
 *     body is sent as JSON, key as Idempotency-Key; alsoOk is an error status that counts as success
 * @returns {Promise<any>} the response's JSON, or null if it is empty; if tagged [JSON, ETag]; for HEAD its Content-Length
 * @throws {ApiError}
 */
async function request(method, path, { body, key, ifMatch, signal, alsoOk, tagged } = {}) {
  const headers = { Accept: method === 'HEAD' ? '*/*' : 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (key) {
    headers['Idempotency-Key'] = key;
  }
  if (ifMatch) {
    headers['If-Match'] = ifMatch;
  }
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal?.addEventListener('abort', abort);
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(path, { method, headers, body: text, signal: stop.signal, cache: 'no-cache' });
    if (method === 'HEAD' && response.ok) {
      return response.headers.get('Content-Length');
    }
    const json = await jsonOf(response);
    if (!response.ok && response.status !== alsoOk) {
      throw await errorOf(response.status, json);
    }
    return tagged ? [json, response.headers.get('ETag')] : json;
  } catch (error) {
    throw error instanceof ApiError ? error : noResponse(stop.signal.aborted, signal?.aborted === true);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

async function jsonOf(response) {
  const text = await response.text();
  if (text === '') {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    // A proxy answered in place of the server.
    const status = response.ok ? 502 : response.status;
    throw new ApiError(status, 'not_json', `The answer (HTTP ${status}) did not come from Tinderbox. Try again.`);
  }
}

/** The error of a response. */
export async function errorOf(status, problem) {
  if (status === 401 || status === 403) {
    unauthorizedListener();
  }
  const message = problem?.detail ?? problem?.title ?? `The server answered with HTTP ${status}`;
  const code = problem?.code ?? 'unknown';
  const errors = problem?.errors ?? [];
  try {
    const { errorText, withoutApiTerms } = await import('./messages.js');
    const worded = errors.map((error) => ({ ...error, message: withoutApiTerms(error.message) || 'is not valid' }));
    return new ApiError(status, code, errorText(code, message), worded);
  } catch {
    // The module cannot be loaded: the server went offline.
    return new ApiError(status, code, message, errors);
  }
}

/** The error of a request that has no response. */
export function noResponse(isAborted, isAbortedByCaller) {
  if (isAbortedByCaller) {
    return new ApiError(0, 'aborted', 'The request was cancelled');
  }
  return isAborted
    ? new ApiError(0, 'timeout', 'The server did not answer in time. Try again.')
    : new ApiError(0, 'offline', 'The server cannot be reached. Check that it runs, then try again.');
}

function jobPath(id, rest = '') {
  return `api/v1/jobs/${encodeURIComponent(id)}${rest}`;
}

function presetPath(id) {
  return `api/v1/presets/${encodeURIComponent(id)}`;
}

/** The API's operations. Those that only read take a signal. */
export const api = {
  jobs: (query, signal) => request('GET', `api/v1/jobs${search(query)}`, { signal }),
  jobFilters: () => request('GET', 'api/v1/job-filters'),
  job: (id, signal) => request('GET', jobPath(id), { signal }),
  /** @returns {Promise<[Object, string]>} a job and its ETag */
  taggedJob: (id, signal) => request('GET', jobPath(id), { signal, tagged: true }),
  /** @param {string} ifMatch the ETag of the version that is changed; '*' for any */
  patch: (id, body, ifMatch) => request('PATCH', jobPath(id), { body, ifMatch }),
  submit: (body, key) => request('POST', 'api/v1/jobs', { body, key }),
  cancel: (id) => request('POST', jobPath(id, '/cancel')),
  rerun: (id, key) => request('POST', jobPath(id, '/rerun'), { key }),
  remove: (id) => request('DELETE', jobPath(id)),
  /** Cancels or deletes jobs; what is 'cancel' or 'delete'. */
  bulk: (what, ids) => request('POST', `api/v1/bulk/${what}`, { body: { job_ids: ids } }),
  log: (id, query, signal) => request('GET', jobPath(id, `/log${search(query)}`), { signal }),
  result: (id, query, signal) => request('GET', jobPath(id, `/result${search(query)}`), { signal }),
  /** The size of the result as a file, in bytes; null if the server does not know it yet. */
  resultSize: (id, query, signal) => request('HEAD', jobPath(id, `/result${search(query)}`), { signal }),
  plan: (id, signal) => request('GET', jobPath(id, '/plan'), { signal }),
  stages: (id, signal) => request('GET', jobPath(id, '/stages'), { signal }),
  /** An operation of run sets, by its method and the rest of its path. */
  runSets: (method, path, options) => request(method, `api/v1/run-sets${path}`, options),
  jobTypes: () => request('GET', 'api/v1/job-types'),
  session: () => request('GET', 'api/v1/session'),
  logIn: (token) => request('POST', 'api/v1/session', { body: { token } }),
  audit: (query, signal) => request('GET', `api/v1/audit${search(query)}`, { signal }),
  tokens: (signal) => request('GET', 'api/v1/tokens', { signal }),
  createToken: (body) => request('POST', 'api/v1/tokens', { body }),
  revokeToken: (name) => request('DELETE', `api/v1/tokens/${encodeURIComponent(name)}`),
  presets: (signal) => request('GET', 'api/v1/presets', { signal }),
  /** @returns {Promise<[Object, string]>} a preset and its ETag */
  preset: (id, signal) => request('GET', presetPath(id), { signal, tagged: true }),
  savePreset: (body) => request('POST', 'api/v1/presets', { body }),
  changePreset: (id, body, ifMatch) => request('PATCH', presetPath(id), { body, ifMatch }),
  removePreset: (id, ifMatch) => request('DELETE', presetPath(id), { ifMatch }),
  logOut: () => request('DELETE', 'api/v1/session'),
  /** selection: q and sort. */
  datasets: (path, offset, limit, signal, selection = {}) =>
    request('GET', `api/v1/datasets${search({ path, offset, limit, ...selection })}`, { signal }),
  preview: (path, signal) => request('GET', `api/v1/datasets/preview${search({ path })}`, { signal }),
  columns: (path, signal) => request('GET', `api/v1/datasets/columns${search({ path })}`, { signal }),
  server: (signal) => request('GET', 'api/v1/server', { signal }),
  serverHistory: (signal) => request('GET', 'api/v1/server/history', { signal }),
  readiness: (signal) => request('GET', 'readyz?verbose=true', { signal, alsoOk: 503 }),
  removeDataset: (path) => request('DELETE', `api/v1/datasets/${encodedPath(path)}?recursive=true`),
  renameDataset: (path, to) => request('POST', 'api/v1/datasets/rename', { body: { path, to } }),
};

/** A dataset's path as a part of an address. */
export function encodedPath(path) {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** URLs of downloads and event streams. */
export const urls = {
  result: (id, query) => jobPath(id, `/result${search(query)}`),
  log: (id) => jobPath(id, '/log?format=text'),
  stages: (id) => jobPath(id, '/stages'),
  /** Of a list, such as 'jobs'. */
  list: (name, query = {}) => `api/v1/${name}${search(query)}`,
  dataset: (path) => `api/v1/datasets/download${search({ path })}`,
  events: () => 'api/v1/events',
  jobEvents: (id) => jobPath(id, '/events'),
};

/** A URL for use outside this page. */
export function absoluteUrl(url) {
  return new URL(url, document.baseURI).href;
}

/** A random id, such as an idempotency key. crypto.randomUUID exists only in secure contexts. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

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
