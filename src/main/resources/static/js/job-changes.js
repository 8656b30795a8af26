// What is done to a job that is there. No first view needs it.

import { ApiError, api } from './api.js';
import { jobHref } from './router.js';
import { announce, forget, go, learn, loadJob, newKey } from './store.js';

/** Asks for a cancel; answers false where the job had ended before. */
export async function cancelJob(id) {
  try {
    learn([await api.cancel(id)]);
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

const rerunKeys = {};

/** Runs a job again; with the same key until that has arrived. */
export async function rerunJob(id) {
  const job = await api.rerun(id, (rerunKeys[id] ??= newKey()));
  delete rerunKeys[id];
  learn([job]);
  announce('Job accepted');
  go(jobHref(job.job_id));
}

export async function deleteJob(id) {
  await api.remove(id);
  announce('Job deleted');
  go('#/jobs');
  forget(id);
}
