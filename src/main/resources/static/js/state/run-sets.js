// Loads run sets, and what users do with them.

import { ApiError, api, randomId } from '../api/api.js';
import { href, runSetHref, search } from '../lib/router.js';
import { go } from './navigation.js';
import { announce } from './store.js';

const path = (id, rest = '') => `/${encodeURIComponent(id)}${rest}`;

/**
 * Loads one page of the run sets, newest first.
 *
 * @throws {ApiError}
 */
export function loadRunSets(query, signal) {
  return api.runSets('GET', search(query), { signal });
}

/**
 * Loads a run set with the overview of its jobs.
 *
 * @param {{q?: string, status?: string}} filter
 * @returns {Promise<{set: Object, rows: Object[], matching: Set<string>|null}>} matching has the ids of the jobs that the
 *     filter leaves; null for all
 * @throws {ApiError}
 */
export async function loadRunSet(id, { q = '', status = '' }, signal) {
  const load = (rest) => api.runSets('GET', path(id, rest), { signal });
  const isFiltered = q !== '' || status !== '';
  const [set, { jobs }, found] = await Promise.all([load(''), load('/jobs'), isFiltered ? load(`/jobs${search({ q, status })}`) : null]);
  return { set, rows: jobs, matching: found && new Set(found.jobs.map((row) => row.job_id)) };
}

/** Whether an event may change what is shown of run sets: those of jobs may, and what was missed before a snapshot. */
export function concernsRunSets(type) {
  return type === 'job' || type === 'deleted' || type === 'snapshot';
}

const rerunKeys = {};

/**
 * Submits a run set again and opens the new one. A retry after a failure has the same key, so that it makes one.
 *
 * @throws {ApiError}
 */
export async function rerunRunSet(id) {
  const set = await api.runSets('POST', path(id, '/rerun'), { key: (rerunKeys[id] ??= randomId()) });
  delete rerunKeys[id];
  announce('Run set accepted');
  go(runSetHref(set.run_set_id));
}

/** @throws {ApiError} */
export async function cancelRunSet(id) {
  await api.runSets('POST', path(id, '/cancel'));
  announce('The jobs are being cancelled');
}

/** Loads a run set to change it: {edited, etag}. */
export async function loadEditableRunSet(id, signal) {
  const [edited, etag] = await api.runSets('GET', path(id), { signal, tagged: true });
  return { edited, etag };
}

/**
 * Changes the name, note and labels of a run set, and the labels of its jobs.
 *
 * @returns {Promise<{edited: Object, etag: string}|null>} null if it is done; if somebody else has changed it, what it is now
 * @throws {ApiError}
 */
export async function editRunSet(id, etag, patch) {
  try {
    await api.runSets('PATCH', path(id), { body: patch, ifMatch: etag });
    announce('Saved');
    return null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 412) {
      return loadEditableRunSet(id);
    }
    throw error;
  }
}

/** @throws {ApiError} */
export async function deleteRunSet(id) {
  await api.runSets('DELETE', path(id));
  announce('Run set deleted');
  go(href('run-sets'));
}

/** The addresses of files. */
export const runSetUrls = {
  overview: (id, query) => `api/v1/run-sets${path(id, '/jobs')}${search(query)}`,
  result: (id, query) => `api/v1/run-sets${path(id, '/result')}${search(query)}`,
};
