// The only fetch. Addresses are relative, so that the page works behind a path prefix.

import { search } from './router.js';

const TIMEOUT_MS = 20_000;

/** What went wrong with a call; status 0 where no answer came. */
export class ApiError extends Error {
  /**
   * @param {number} status the HTTP status, or 0
   * @param {string} code the stable code of the API; 'offline', 'timeout' or 'aborted' where no answer came
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

let refused = () => {};

/** Has a function called whenever the server does not know who calls, or does not let them. */
export function onRefused(listener) {
  refused = listener;
}

/**
 * One call.
 *
 * @param {string} method such as GET
 * @param {string} path relative, such as api/v1/jobs
 * @param {{body?: unknown, key?: string, signal?: AbortSignal, also?: number}} [options] body is sent as JSON, key as
 *     Idempotency-Key; also is a status whose JSON is an answer and no failure
 * @returns {Promise<any>} the JSON of the answer, or null where it has none; for HEAD its length, as text
 * @throws {ApiError}
 */
async function call(method, path, { body, key, signal, also } = {}) {
  const headers = { Accept: method === 'HEAD' ? '*/*' : 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (key) {
    headers['Idempotency-Key'] = key;
  }
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal?.addEventListener('abort', abort);
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await fetch(path, { method, headers, body: text, signal: stop.signal, cache: 'no-cache' });
    if (method === 'HEAD' && answer.ok) {
      return answer.headers.get('Content-Length');
    }
    const json = await jsonOf(answer);
    if (!answer.ok && answer.status !== also) {
      throw await refusal(answer.status, json);
    }
    return json;
  } catch (error) {
    throw error instanceof ApiError ? error : unanswered(stop.signal.aborted, signal?.aborted === true);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

async function jsonOf(answer) {
  const text = await answer.text();
  if (text === '') {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    // Something between here and the server answered in its place.
    const status = answer.ok ? 502 : answer.status;
    throw new ApiError(status, 'not_json', `The answer (HTTP ${status}) did not come from Tinderbox. Try again.`);
  }
}

async function refusal(status, problem) {
  if (status === 401 || status === 403) {
    refused();
  }
  const message = problem?.detail ?? problem?.title ?? `The server answered with HTTP ${status}`;
  const code = problem?.code ?? 'unknown';
  const errors = problem?.errors ?? [];
  try {
    const { forReaders, refusalText } = await import('./wording.js');
    const worded = errors.map((error) => ({ ...error, message: forReaders(error.message) || 'is not right' }));
    return new ApiError(status, code, refusalText(code, message), worded);
  } catch {
    // The server has just gone; its own words are better than none.
    return new ApiError(status, code, message, errors);
  }
}

function unanswered(stopped, byCaller) {
  if (byCaller) {
    return new ApiError(0, 'aborted', 'The request was given up');
  }
  return stopped
    ? new ApiError(0, 'timeout', 'The server did not answer in time. Try again.')
    : new ApiError(0, 'offline', 'The server cannot be reached. Check that it runs, then try again.');
}

function jobPath(id, rest = '') {
  return `api/v1/jobs/${encodeURIComponent(id)}${rest}`;
}

/** The calls of the API, by the names of its document. */
export const api = {
  jobs: (query, signal) => call('GET', `api/v1/jobs${search(query)}`, { signal }),
  job: (id, signal) => call('GET', jobPath(id), { signal }),
  submit: (body, key) => call('POST', 'api/v1/jobs', { body, key }),
  cancel: (id) => call('POST', jobPath(id, '/cancel')),
  rerun: (id, key) => call('POST', jobPath(id, '/rerun'), { key }),
  remove: (id) => call('DELETE', jobPath(id)),
  log: (id, query, signal) => call('GET', jobPath(id, `/log${search(query)}`), { signal }),
  result: (id, query, signal) => call('GET', jobPath(id, `/result${search(query)}`), { signal }),
  /** How many bytes the result has as a file; null where the server cannot say before. */
  resultSize: (id, query, signal) => call('HEAD', jobPath(id, `/result${search(query)}`), { signal }),
  stages: (id, signal) => call('GET', jobPath(id, '/stages'), { signal }),
  jobTypes: () => call('GET', 'api/v1/job-types'),
  session: () => call('GET', 'api/v1/session'),
  logIn: (token) => call('POST', 'api/v1/session', { body: { token } }),
  audit: (query, signal) => call('GET', `api/v1/audit${search(query)}`, { signal }),
  logOut: () => call('DELETE', 'api/v1/session'),
  datasets: (path, offset, limit, signal) => call('GET', `api/v1/datasets${search({ path, offset, limit })}`, { signal }),
  preview: (path, signal) => call('GET', `api/v1/datasets/preview${search({ path })}`, { signal }),
  server: (signal) => call('GET', 'api/v1/server', { signal }),
  readiness: (signal) => call('GET', 'readyz?verbose=true', { signal, also: 503 }),
  removeDataset: (path) => call('DELETE', `api/v1/datasets/${path.split('/').map(encodeURIComponent).join('/')}`),
};

/**
 * Sends a file as a dataset. Not with fetch, which cannot tell how much has been sent.
 *
 * @param {File} file
 * @param {{replace: boolean, signal: AbortSignal, onProgress: (sent: number) => void}} options
 * @returns {Promise<Object>} the entry as in a folder
 * @throws {ApiError}
 */
export function upload(file, { replace, signal, onProgress }) {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open('PUT', `api/v1/datasets/uploads/${encodeURIComponent(file.name)}${replace ? '?replace=true' : ''}`);
    request.responseType = 'text';
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    request.addEventListener('load', () => {
      const json = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) {
        resolve(json);
      } else {
        refusal(request.status, json).then(reject);
      }
    });
    request.addEventListener('error', () => reject(unanswered(false, false)));
    request.addEventListener('abort', () => reject(unanswered(true, true)));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Where things can be downloaded or followed; relative, as all addresses here. */
export const paths = {
  result: (id, query) => jobPath(id, `/result${search(query)}`),
  log: (id) => jobPath(id, '/log?format=text'),
  events: () => 'api/v1/events',
  jobEvents: (id) => jobPath(id, '/events'),
};

/** The whole address of a call, for use outside this page. */
export function address(path) {
  return new URL(path, document.baseURI).href;
}
