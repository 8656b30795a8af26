// What a job's status and progress mean. Pure.

import { bytes, count, percent, plural, whole } from './format.js';

/** In the order of a job's life. */
export const STATUSES = ['PENDING', 'RUNNING', 'CANCELLING', 'SUCCEEDED', 'FAILED', 'CANCELLED'];

const WORDS = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  CANCELLING: 'Cancelling',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};
const RANK = { PENDING: 0, RUNNING: 1, CANCELLING: 2, SUCCEEDED: 3, FAILED: 3, CANCELLED: 3 };

/** 'Running' for RUNNING. */
export function word(status) {
  return WORDS[status] ?? String(status);
}

/** Whether a job has ended, which is for good. */
export function ended(job) {
  return RANK[job.status] === 3;
}

/**
 * Of two tellings of one job, what holds now. What has ended stays so. An answer or a snapshot is the truth of its moment,
 * so it replaces all that was told before it was asked for, and to what was told since it only adds. Events come one by
 * one: within one attempt nothing goes back but to the queue, for which the server takes an attempt back that did not
 * count. What only the whole job has (its summary) is kept.
 *
 * @param {Object|undefined} known as it was last told, at known.heard_at
 * @param {Object} told
 * @param {number} [askedAt] when an answer was asked for, in ms since 1970; Infinity for a snapshot, none for an event
 */
export function later(known, told, askedAt) {
  if (known === undefined) {
    return told;
  }
  if (ended(known) !== ended(told)) {
    return ended(known) ? known : { ...known, ...told };
  }
  if (askedAt !== undefined) {
    return askedAt >= known.heard_at ? { ...known, ...told } : { ...told, ...known };
  }
  const stale =
    told.status !== 'PENDING' &&
    (told.attempt < known.attempt || (told.attempt === known.attempt && RANK[told.status] < RANK[known.status]));
  return stale ? known : { ...known, ...told };
}

/**
 * How far a job is.
 *
 * @returns {{fraction: number|null, text: string}} fraction null where it is not known: a bar must not then pretend
 */
export function progressOf(job) {
  if (ended(job)) {
    return { fraction: 1, text: word(job.status) };
  }
  if (job.status === 'PENDING') {
    const ahead = job.queue_position;
    return { fraction: null, text: ahead === null || ahead === undefined ? 'In the queue' : queued(ahead) };
  }
  const progress = job.progress;
  if (job.status === 'CANCELLING') {
    const running = progress?.tasks_running ?? 0;
    const rest = running > 0 ? `${plural(running, 'task')} still running` : 'waiting for the work to stop';
    return { fraction: null, text: `Cancelling… ${rest}` };
  }
  if (!progress) {
    return { fraction: null, text: 'Starting' };
  }
  if (progress.phase === 'waiting' && delayOf(job) > 0) {
    // Else somebody who set no delay would look for what holds the job up.
    return { fraction: null, text: `Its delay of ${count(delayOf(job) / 1000)} s comes first` };
  }
  return running(progress);
}

function queued(position) {
  return Number(position) <= 1 ? 'Next in the queue' : `Number ${count(position)} in the queue`;
}

function running(progress) {
  const phase = progress.phase ? sentence(progress.phase) : 'Running';
  const total = whole(progress.bytes_total);
  const read = whole(progress.bytes_read);
  const tasks = `${count(progress.tasks_done)} of ${plural(progress.tasks_total, 'task')} done`;
  if (total !== null && total > 0n && read !== null && read > 0n) {
    // Reading is not all: what comes after it has no known length, so the bar must not stand at 99 %.
    if (read >= total) {
      return { fraction: null, text: `All ${bytes(total)} read, preparing the result, ${tasks}` };
    }
    const fraction = Number(read) / Number(total);
    return { fraction, text: `${phase}, ${percent(fraction)}: ${bytes(read)} of ${bytes(total)} read` };
  }
  if (progress.tasks_total > 0 && progress.tasks_done < progress.tasks_total) {
    return { fraction: progress.tasks_done / progress.tasks_total, text: `${phase}, ${tasks}` };
  }
  return { fraction: null, text: progress.tasks_total > 0 ? `${phase}, preparing the result, ${tasks}` : phase };
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How long a job has run by now, in ms; null before it starts. Clocks differ, so it counts on from what was told. */
export function ranFor(job, now) {
  if (ended(job) || !job.started_at) {
    return job.duration_ms ?? null;
  }
  return (job.duration_ms ?? 0) + Math.max(0, now - (job.heard_at ?? now));
}

/** How long a job was asked to wait before its work, in ms; 0 for most. */
export function delayOf(job) {
  const seconds = Number(job.params?.delay_seconds);
  return seconds > 0 ? seconds * 1000 : 0;
}

/** How long a job has worked by now, in ms, without the wait that it was asked for; null before it starts. */
export function workedFor(job, now) {
  const ran = ranFor(job, now);
  return ran === null ? null : Math.max(0, ran - delayOf(job));
}
