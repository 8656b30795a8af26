// Applies the server's events to the state. Loaded once the first view is drawn.

import { api, randomId, urls } from '../api/api.js';
import { loadJobTypes } from '../state/job-types.js';
import { loadJob, removeJob, updateJobs } from '../state/jobs.js';
import { emitLiveEvent, state } from '../state/store.js';
import { LiveConnection } from './live-connection.js';
import { SharedStreams } from './shared-streams.js';

const POLL_TIMEOUT_MS = 10_000;
const POLLED_JOBS = 200;
const POLLED_LINES = 1_000;

/**
 * @param {((message: Object) => void)|null} post sends a message to this browser's other windows; null if that is not
 *     possible
 * @param {(status: string, retryAt: number|null) => void} onStatus see LiveConnection
 * @returns {{connection: LiveConnection, streams: SharedStreams|null}}
 */
export function startLiveUpdates(post, onStatus) {
  const open = (path) => new EventSource(path);
  const streams =
    post === null ? null : new SharedStreams({ id: randomId(), main: urls.events(), post, open, poll, onLeaderLive });
  const connect = (path) => streams?.connect(path) ?? open(path);
  const connection = new LiveConnection({ connect, poll, onEvent: apply, onStatus });
  return { connection, streams };

  function onLeaderLive() {
    if (state.connection.status === 'offline') {
      connection.retryNow();
    }
  }
}

/** Requests what a stream begins with. */
async function poll(path) {
  const signal = AbortSignal.timeout(POLL_TIMEOUT_MS);
  const requestedAt = Date.now();
  const id = state.route.view === 'job' ? state.route.id : null;
  if (id === null || path !== urls.jobEvents(id)) {
    const { jobs } = await api.jobs({ limit: POLLED_JOBS }, signal);
    return { type: 'snapshot', data: { jobs, requestedAt } };
  }
  try {
    const [job, log] = await Promise.all([api.job(id, signal), api.log(id, { from: -POLLED_LINES }, signal)]);
    return { type: 'snapshot', data: { job, log, requestedAt } };
  } catch (error) {
    if (error.status === 404) {
      return { type: 'deleted', data: { job_id: id } };
    }
    throw error;
  }
}

function apply(type, data) {
  if (type === 'snapshot') {
    if (state.jobTypesError !== null) {
      loadJobTypes();
    }
    // The newest job last, as if all had arrived one by one.
    updateJobs(data.jobs ? [...data.jobs].reverse() : [data.job], data.requestedAt ?? Infinity);
    checkOpenJob(data);
  } else if (type === 'job') {
    updateJobs([data]);
  } else if (type === 'progress') {
    const job = state.jobs.get(data.job_id);
    if (job !== undefined) {
      updateJobs([{ ...data, attempt: job.attempt }]);
    }
  } else if (type === 'deleted') {
    removeJob(data.job_id);
  }
  emitLiveEvent(type, data);
}

/** A snapshot of all jobs has the unfinished and the newest; another may have ended or been deleted meanwhile. */
function checkOpenJob({ jobs }) {
  const { view, id } = state.route;
  if (view === 'job' && state.jobs.has(id) && jobs && !jobs.some((job) => job.job_id === id)) {
    loadJob(id).catch(() => {});
  }
}
