// What is known of a job, as lists, events and responses arrive. Pure.

import { RANK, hasEnded } from './job-status.js';

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
