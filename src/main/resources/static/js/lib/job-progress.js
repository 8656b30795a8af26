// A job's progress and times. Pure.

import { bytes, count, percent, plural, whole } from './format.js';
import { WAITING_FOR_EXECUTORS, hasEnded, statusLabel } from './job-status.js';
import { capitalized } from './text.js';

/** Another phase of the server's own; after it comes what the server waits for. */
const STOPPING = 'stopping: ';

/**
 * @param {Object} job
 * @param {number} [now] counts a delay down
 * @returns {{fraction: number|null, text: string}} fraction is null if it is not known: a bar must not pretend
 */
export function progressOf(job, now) {
  if (hasEnded(job)) {
    return { fraction: 1, text: statusLabel(job.status) };
  }
  if (job.status === 'PENDING') {
    const ahead = job.queue_position;
    return { fraction: null, text: ahead === null || ahead === undefined ? 'In the queue' : queued(ahead) };
  }
  const progress = job.progress;
  if (job.status === 'CANCELLING') {
    return { fraction: null, text: `Cancelling… ${stopping(progress)}` };
  }
  if (!progress) {
    return { fraction: null, text: 'Starting' };
  }
  if (isDelayed(job)) {
    // So that nobody looks for another reason. What counts down comes first: a narrow row cuts off the end.
    const left = now === undefined ? 0 : Math.ceil((delayOf(job) - runTime(job, now)) / 1000);
    return { fraction: null, text: `${left > 0 ? `${count(left)} s left of` : 'Waiting, with'} a delay of ${count(delayOf(job) / 1000)} s` };
  }
  return running(progress);
}

function queued(position) {
  return Number(position) <= 1 ? 'First in the queue' : `Number ${count(position)} in the queue`;
}

function stopping(progress) {
  if (progress?.phase?.startsWith(STOPPING)) {
    return progress.phase.slice(STOPPING.length);
  }
  const running = progress?.tasks_running ?? 0;
  return running > 0 ? `${plural(running, 'task')} still running` : 'waiting for the work to stop';
}

function running(progress) {
  const phase = progress.phase ? capitalized(progress.phase) : 'Running';
  const total = whole(progress.bytes_total);
  const read = whole(progress.bytes_read);
  const tasks = `${count(progress.tasks_done)} of ${plural(progress.tasks_total, 'task')} done`;
  if (progress.phase === WAITING_FOR_EXECUTORS) {
    const all = Number(progress.tasks_total);
    return all > 0 ? { fraction: progress.tasks_done / all, text: `${phase}, ${tasks}` } : { fraction: null, text: phase };
  }
  if (total !== null && total > 0n && read !== null && read > 0n) {
    // What follows reading takes an unknown time, so the bar must not stop at 99 %.
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

/** How long a job has run by now, in ms; null before it starts. Adds to the server's duration, since clocks differ. */
export function runTime(job, now) {
  if (hasEnded(job) || !job.started_at) {
    return job.duration_ms ?? null;
  }
  return (job.duration_ms ?? 0) + Math.max(0, now - (job.received_at ?? now));
}

/** How long a job waits before it works, in ms, or 0: the parameter delay_seconds, which any job type may have. */
export function delayOf(job) {
  const seconds = Number(job.params?.delay_seconds);
  return seconds > 0 ? seconds * 1000 : 0;
}

/** Whether a job runs, but waits on purpose before it works. */
export function isDelayed(job) {
  return job.status === 'RUNNING' && job.progress?.phase === 'waiting' && delayOf(job) > 0;
}

/** From less, nobody can tell how long it takes. */
const MIN_FRACTION = 0.05;
const MIN_WORK_MS = 3_000;

/** How long a job will still read its input, in ms, if it goes on as it has; null if that is not known. */
export function readingTimeLeft(job) {
  const { bytes_read: read, bytes_total: total } = job.progress ?? {};
  const worked = workTime(job, job.received_at);
  const fraction = Number(read) / Number(total);
  const isKnown = job.status === 'RUNNING' && worked >= MIN_WORK_MS && fraction >= MIN_FRACTION && fraction < 1;
  return isKnown ? (worked * (1 - fraction)) / fraction : null;
}

const MIN_JOBS = 5;

/**
 * How long a job will wait in the queue, in ms, if jobs take as long as those that ended last.
 *
 * @param {number} position from 1
 * @param {number[]} durations of jobs that have ended, in ms
 * @param {number} places how many jobs run at a time
 * @returns {number|null} null if too few have ended
 */
export function waitingTime(position, durations, places) {
  const sum = durations.reduce((total, ms) => total + ms, 0);
  return durations.length < MIN_JOBS ? null : (position * sum) / durations.length / places;
}

/** How long a job has worked by now, in ms: its run time without its delay; null before it starts. */
export function workTime(job, now) {
  const ms = runTime(job, now);
  return ms === null ? null : Math.max(0, ms - delayOf(job));
}
