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
const RANK = { PENDING: 0, RUNNING: 1, CANCELLING: 2, SUCCEEDED: 3, FAILED: 3, CANCELLED: 3 };

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

/**
 * Merges new data about a job with what is known. An ended job stays ended and keeps its summary. A response or snapshot
 * replaces what arrived before it was requested, and only adds to what arrived since. By events the status only advances
 * within an attempt, but may go back to PENDING if the server does not count the attempt. Lists and events have only a
 * part of long texts; the whole ones are kept. An ended job of which nothing is new stays the same object, so that what
 * shows it is not redrawn.
 *
 * @param {Object|undefined} known with known.received_at
 * @param {Object} data
 * @param {number} [requestedAt] when a response was requested, in ms since 1970; Infinity for a snapshot, undefined for
 *     an event
 */
export function mergeJob(known, data, requestedAt) {
  if (known === undefined) {
    return data;
  }
  const newer = { ...known, ...data, ...wholeTexts(data, known) };
  if (hasEnded(known) !== hasEnded(data)) {
    return hasEnded(known) ? known : newer;
  }
  if (hasEnded(known) && JSON.stringify({ ...newer, received_at: known.received_at }) === JSON.stringify(known)) {
    return known;
  }
  if (requestedAt !== undefined) {
    return requestedAt >= known.received_at ? newer : { ...data, ...known, ...wholeTexts(known, data) };
  }
  const isStale =
    data.status !== 'PENDING' &&
    (data.attempt < known.attempt || (data.attempt === known.attempt && RANK[data.status] < RANK[known.status]));
  return isStale ? known : newer;
}

/** The long texts of one that are cut in the other. A note that was edited in between has to be loaded again. */
function wholeTexts(cut, { params, inputs, note, shortened, edited_at: editedAt }) {
  return cut.shortened && shortened === false && cut.edited_at === editedAt ? { params, inputs, note, shortened } : undefined;
}

/** Whether all of a job is known: lists and events have no summary, and only a part of long parameters. */
export function isComplete(job) {
  return !job.shortened && (!hasEnded(job) || job.summary !== undefined);
}

/** Whether a job waits: for a place, or for the cluster. */
export function isWaiting(job) {
  return job.status === 'PENDING' || (job.status === 'RUNNING' && job.progress?.phase === WAITING_FOR_EXECUTORS);
}
