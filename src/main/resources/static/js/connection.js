// The live layer: follows what happens on the server and tells the store. Loaded once the first view is there, which
// does not wait for it.

import { api, paths } from './api.js';
import { Live } from './live.js';
import { SharedStreams } from './shared-streams.js';
import { announce, askWhoThisIs, followRoute, forget, learn, loadJob, loadJobTypes, newKey, set, state, tellListeners } from './store.js';

const BACK_FOR_MS = 4_000;
/** After so long without an answer the server counts as offline. */
const POLL_MS = 10_000;

/**
 * Begins to follow.
 *
 * @param {((message: Object) => void)|null} post tells the other windows of this browser; null if there is no way to reach them
 * @returns {{follower: Live, streams: SharedStreams|null}}
 */
export function startLive(post) {
  const open = (path) => new EventSource(path);
  const streams = post === null ? null : new SharedStreams({ id: newKey(), main: paths.events(), post, open, ask: poll, onElsewhere });
  const follower = new Live({ connect: (path) => streams?.connect(path) ?? open(path), poll, onEvent: take, onStatus });
  return { follower, streams };

  /** Another window hears the server again. */
  function onElsewhere() {
    if (state.connection.status === 'offline') {
      follower.retryNow();
    }
  }
}

/** What a stream would tell. */
async function poll(path) {
  const signal = AbortSignal.timeout(POLL_MS);
  const askedAt = Date.now();
  const id = state.route.view === 'job' ? state.route.id : null;
  if (id === null || path !== paths.jobEvents(id)) {
    const { jobs, counts } = await api.jobs({ limit: 200 }, signal);
    return { type: 'snapshot', data: { jobs, counts, askedAt } };
  }
  try {
    const [job, log] = await Promise.all([api.job(id, signal), api.log(id, { from: -1000 }, signal)]);
    return { type: 'snapshot', data: { job, log, askedAt } };
  } catch (error) {
    if (error.status === 404) {
      return { type: 'deleted', data: { job_id: id } };
    }
    throw error;
  }
}

function take(type, data) {
  if (type === 'snapshot') {
    if (state.jobTypesError !== null) {
      loadJobTypes();
    }
    if (data.counts) {
      state.counts = data.counts;
    }
    learn(data.jobs ? [...data.jobs].reverse() : [data.job], data.askedAt ?? Infinity);
    checkOpenJob(data);
  } else if (type === 'job') {
    learn([data]);
  } else if (type === 'progress') {
    const job = state.jobs.get(data.job_id);
    if (job !== undefined) {
      learn([{ ...data, attempt: job.attempt }]);
    }
  } else if (type === 'deleted') {
    forget(data.job_id);
  }
  tellListeners(type, data);
  if (document.hidden) {
    // Once the watched job has ended, nothing more is asked.
    followRoute();
  }
}

/** A snapshot of all jobs has those that run and the newest: an older one may have ended or gone meanwhile. */
function checkOpenJob({ jobs }) {
  const { view, id } = state.route;
  if (view === 'job' && state.jobs.has(id) && jobs && !jobs.some((job) => job.job_id === id)) {
    loadJob(id).catch(() => {});
  }
}

let backTimer;

function onStatus(status, retryAt) {
  const before = state.connection;
  const heardAt = status === 'offline' || status === 'connecting' ? before.heardAt : Date.now();
  const isBack = before.status === 'offline' && status !== 'offline';
  if (before.status === status && before.retryAt === retryAt) {
    // Nothing shows this while all is well, so no listener needs it.
    before.heardAt = heardAt;
    return;
  }
  set({ connection: { status, retryAt, heardAt, isBack: isBack || before.isBack } });
  if (status === 'offline' && before.status !== 'offline') {
    announce('Offline');
  }
  if (isBack) {
    announce('Reconnected');
    // A server that was started again knows no sessions.
    askWhoThisIs();
    clearTimeout(backTimer);
    backTimer = setTimeout(() => set({ connection: { ...state.connection, isBack: false } }), BACK_FOR_MS);
  }
}
