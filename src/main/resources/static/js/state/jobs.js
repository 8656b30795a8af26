// The known jobs, and the submission of jobs.

import { api } from '../api/api.js';
import { hasEnded } from '../lib/job-status.js';
import { mergeJob } from '../lib/merge-job.js';
import { jobHref } from '../lib/router.js';
import { go } from './navigation.js';
import { HAS_SUBMITTED_KEY, announce, saveText, set, state } from './store.js';

/** Beyond this many, ended jobs that nothing shows are dropped, the oldest data first. */
const MAX_JOBS = 2_000;

/**
 * Adds jobs to the state, or updates those in it.
 *
 * @param {Object[]} jobs
 * @param {number} [requestedAt] see mergeJob
 */
export function updateJobs(jobs, requestedAt) {
  const now = Date.now();
  for (const job of jobs) {
    const next = mergeJob(state.jobs.get(job.job_id), { ...job, received_at: now }, requestedAt);
    if (!hasEnded(next)) {
      // A job without one is loaded once it has ended.
      delete next.summary;
    }
    state.jobs.delete(job.job_id);
    state.jobs.set(job.job_id, next);
  }
  dropOldJobs();
  set({});
}

function dropOldJobs() {
  if (state.jobs.size <= MAX_JOBS) {
    return;
  }
  const { id, query } = state.route;
  const shown = [id, query.a, query.b, ...(state.list?.ids ?? []), ...state.selection];
  for (const [jobId, job] of state.jobs) {
    if (state.jobs.size <= MAX_JOBS) {
      return;
    }
    if (hasEnded(job) && !shown.includes(jobId)) {
      state.jobs.delete(jobId);
    }
  }
}

/** Removes a job that no longer exists. */
export function removeJob(id) {
  state.jobs.delete(id);
  const selection = state.selection.includes(id) ? state.selection.filter((other) => other !== id) : state.selection;
  set(id === state.route.id ? { selection, missingJobId: id } : { selection });
}

/**
 * Loads one job with its summary.
 *
 * @throws {ApiError}
 */
export async function loadJob(id, signal) {
  const requestedAt = Date.now();
  try {
    updateJobs([await api.job(id, signal)], requestedAt);
  } catch (error) {
    if (error.status === 404) {
      removeJob(id);
    }
    throw error;
  }
}

/**
 * Submits a job.
 *
 * @param {Object|undefined} request undefined for the sample
 * @param {string} key the idempotency key
 * @returns {Promise<Object>} the accepted job
 * @throws {ApiError}
 */
export async function submitJob(request, key) {
  const job = await api.submit(request, key);
  saveText(HAS_SUBMITTED_KEY, 'yes');
  set({ hasSubmitted: true });
  return job;
}

/** Opens a job that was just accepted. */
export function openAccepted(job) {
  updateJobs([job]);
  announce('Job accepted');
  go(jobHref(job.job_id));
}
