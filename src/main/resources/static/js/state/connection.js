// Whether the server can be reached, which event stream is followed, and the messages between the browser's windows.

import { urls } from '../api/api.js';
import { hasEnded } from '../lib/job-status.js';
import { loadJobTypes } from './job-types.js';
import { needsLogin, refreshSession } from './session.js';
import { announce, set, state, subscribe } from './store.js';

/** How long the first view has to load its data before the stream is opened. */
const FIRST_VIEW_MS = 1_000;
const FIRST_DRAW_MS = 50;
const RETRY_LOADING_MS = 3_000;
const SHOW_RECONNECTED_MS = 4_000;

/**
 * status: 'connecting', 'live', 'polling', 'offline', or 'none' if logged out; retryAt and lastHeardAt: in ms since 1970,
 * or null; isBack: true for a moment after being offline.
 */
const NOT_CONNECTED = { status: 'none', retryAt: null, lastHeardAt: null, isBack: false };

/** Whether the server can be reached, as far as is known. */
export const isOnline = (s) => s.connection.status !== 'offline';

/** A message that the session has changed; all others belong to the shared streams. */
const SESSION_CHANGED = 'session';

let channel = null;
/** Sends a message to the other windows; null if the browser has no BroadcastChannel. */
const post = 'BroadcastChannel' in globalThis ? (message) => channel?.postMessage(message) : null;

/** The session that the connection belongs to. */
let session = null;
/** False until the first view is drawn. */
let isFollowing = false;
/** {connection, streams} of live-updates.js; null until that is loaded. */
let live = null;
let isLoading = false;
let retryTimer;
let backTimer;

const NOTHING = { path: null, hidden: false };
let followed = NOTHING;

/** Follows the server's events from when the session is known. */
export function startConnection() {
  if (post !== null) {
    openChannel();
    addEventListener('pagehide', closeChannel);
    addEventListener('pageshow', (event) => event.persisted && openChannel());
  }
  subscribe(() => (state.session === session ? follow() : restart()));
  document.addEventListener('visibilitychange', follow);
  addEventListener('online', retryNow);
  addEventListener('offline', () => live?.connection.check());
}

/** Tries to reach the server at once. */
export function retryNow() {
  if (live === null) {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    follow();
  } else {
    live.connection.retryNow();
  }
}

/** Begins again for another session. */
async function restart() {
  if (session !== null) {
    post?.({ kind: SESSION_CHANGED });
  }
  session = state.session;
  isFollowing = false;
  followed = NOTHING;
  live?.connection.follow(null);
  if (needsLogin(state)) {
    set({ connection: NOT_CONNECTED });
    return;
  }
  set({ connection: { ...NOT_CONNECTED, status: 'connecting', lastHeardAt: Date.now() } });
  const mine = session;
  await Promise.race([loadJobTypes(), new Promise((resolve) => setTimeout(resolve, FIRST_VIEW_MS))]);
  setTimeout(() => {
    if (session === mine) {
      isFollowing = true;
      follow();
    }
  }, FIRST_DRAW_MS);
}

/** Follows the stream that the open view needs. */
function follow() {
  if (!isFollowing) {
    return;
  }
  if (live === null) {
    load();
    return;
  }
  const needed = neededStream();
  if (needed.path === followed.path && needed.hidden === followed.hidden) {
    return;
  }
  followed = needed;
  if (needed.hidden) {
    live.connection.pollHidden(needed.path);
  } else {
    live.connection.follow(needed.path);
  }
}

/** A hidden tab only needs the progress in its title. */
function neededStream() {
  const { view, id, tab } = state.route;
  const job = view === 'job' ? state.jobs.get(id) : undefined;
  const isRunning = job !== undefined && !hasEnded(job);
  const jobStream = { path: urls.jobEvents(id), hidden: document.hidden };
  if (document.hidden) {
    return isRunning ? jobStream : NOTHING;
  }
  // The last lines of a log may come after the end of its job.
  const isOpen = job !== undefined && followed.path === jobStream.path;
  // The stream of all jobs has everything but log lines, and all windows share it.
  return tab === 'log' && (isRunning || isOpen) ? jobStream : { path: urls.events(), hidden: false };
}

async function load() {
  if (isLoading || retryTimer !== undefined) {
    return;
  }
  isLoading = true;
  try {
    const { startLiveUpdates } = await import('../live/live-updates.js');
    live = startLiveUpdates(post, onStatus);
  } catch {
    retryTimer = setTimeout(retryNow, RETRY_LOADING_MS);
    const wasOnline = isOnline(state);
    set({ connection: { ...state.connection, status: 'offline', retryAt: Date.now() + RETRY_LOADING_MS, isBack: false } });
    if (wasOnline) {
      announce('Offline');
    }
  } finally {
    isLoading = false;
  }
  follow();
}

function onStatus(status, retryAt) {
  const before = state.connection;
  const lastHeardAt = status === 'offline' || status === 'connecting' ? before.lastHeardAt : Date.now();
  if (before.status === status && before.retryAt === retryAt) {
    // Nothing shows this while the server is heard, so no subscriber is notified.
    before.lastHeardAt = lastHeardAt;
    return;
  }
  const isBack = before.status === 'offline' && status !== 'offline';
  set({ connection: { status, retryAt, lastHeardAt, isBack: isBack || before.isBack } });
  if (status === 'offline' && before.status !== 'offline') {
    announce('Offline');
  }
  if (isBack) {
    announce('Reconnected');
    // A server that restarted has lost the session.
    refreshSession();
    clearTimeout(backTimer);
    backTimer = setTimeout(() => set({ connection: { ...state.connection, isBack: false } }), SHOW_RECONNECTED_MS);
  }
}

function openChannel() {
  // By path: several servers may share a host name.
  channel = new BroadcastChannel(`tinderbox ${new URL('.', document.baseURI).pathname}`);
  channel.addEventListener('message', ({ data }) => {
    if (data.kind === SESSION_CHANGED) {
      refreshSession();
    } else {
      live?.streams.receive(data);
    }
  });
}

/** The page is closed, or goes to the back-forward cache, where it receives nothing. */
function closeChannel() {
  live?.streams.leave();
  channel?.close();
  channel = null;
}
