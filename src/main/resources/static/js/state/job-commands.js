// What users do with existing jobs.

import { ApiError, api, randomId } from '../api/api.js';
import { href } from '../lib/router.js';
import { loadJob, openAccepted, removeJob, updateJobs } from './jobs.js';
import { go } from './navigation.js';
import { announce } from './store.js';

const rerunKeys = {};

/**
 * Submits a job again and opens the new one. A retry after a failure has the same key, so that it makes one job.
 *
 * @throws {ApiError}
 */
export async function rerunJob(id) {
  const job = await api.rerun(id, (rerunKeys[id] ??= randomId()));
  delete rerunKeys[id];
  openAccepted(job);
}

/**
 * Requests a job's cancellation.
 *
 * @returns {Promise<boolean>} false if the job has already ended
 * @throws {ApiError}
 */
export async function cancelJob(id) {
  try {
    updateJobs([await api.cancel(id)]);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) {
      await loadJob(id);
      announce('Finished before it could be cancelled');
      return false;
    }
    throw error;
  }
}

/** @throws {ApiError} */
export async function deleteJob(id) {
  await api.remove(id);
  announce('Job deleted');
  go(href('jobs'));
  removeJob(id);
}

/** Loads a job to change it: {edited, etag}. */
export async function loadEditable(id, signal) {
  const requestedAt = Date.now();
  const [job, etag] = await api.taggedJob(id, signal);
  updateJobs([job], requestedAt);
  return { edited: job, etag };
}

/**
 * Changes the name, note and labels of a job.
 *
 * @returns {Promise<{edited: Object, etag: string}|null>} null if it is done; if somebody else has changed the job, what it
 *     is now
 * @throws {ApiError}
 */
export async function editJob(id, etag, patch) {
  try {
    updateJobs([await api.patch(id, patch, etag)]);
    announce('Saved');
    return null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 412) {
      return loadEditable(id);
    }
    throw error;
  }
}
