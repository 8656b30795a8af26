// A job's status, and what is known of it. Pure.

/** A phase of the server's own; a job type has others. */
export const WAITING_FOR_EXECUTORS = 'waiting for executors';

/** In the order of a job's life. */
export const STATUSES = ['PENDING', 'RUNNING', 'CANCELLING', 'SUCCEEDED', 'FAILED', 'CANCELLED'];

const LABELS = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  CANCELLING: 'Cancelling',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};
/** The status of a job only grows in rank, but for an attempt that does not count. */
export const RANK = { PENDING: 0, RUNNING: 1, CANCELLING: 2, SUCCEEDED: 3, FAILED: 3, CANCELLED: 3 };

/** 'Running' for RUNNING. */
export function statusLabel(status) {
  return LABELS[status] ?? String(status);
}

/** Whether a job has ended; an ended job never changes its status. */
export function hasEnded(job) {
  return RANK[job.status] === 3;
}

/** Whether a job failed for a reason that only another request can avoid. */
export function failsAgain(job) {
  return ['invalid_query', 'invalid_input'].includes(job.error?.code);
}

/** Whether all of a job is known: lists and events have no summary, and only a part of long parameters. */
export function isComplete(job) {
  return !job.shortened && (!hasEnded(job) || job.summary !== undefined);
}

/** Whether a job waits: for a place, or for the cluster. */
export function isWaiting(job) {
  return job.status === 'PENDING' || (job.status === 'RUNNING' && job.progress?.phase === WAITING_FOR_EXECUTORS);
}
