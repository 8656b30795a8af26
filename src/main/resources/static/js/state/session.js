// Who this browser is to the server, and what that allows.

import { Loader, api, onUnauthorized } from '../api/api.js';
import { announce, set, state } from './store.js';

const RETRY_MS = 3_000;
/** A session may expire, or end in another browser. */
const REFRESH_MS = 60_000;
const WELCOME_MS = 4_000;

// Until the session is known, everything is allowed: the server decides anyway.

/** Whether the server requires a login that this browser lacks. */
export const needsLogin = (s) => s.session?.auth === true && s.session.user === null;

/** Whether scripts need a token. */
export const needsToken = (s) => s.session?.auth === true;

/** Whether this user may submit jobs and upload datasets. */
export const canSubmit = (s) => s.session === null || s.session.role !== 'viewer';

/** Whether authentication is on and this user is an admin. */
export const isAdmin = (s) => s.session?.auth === true && s.session.role === 'admin';

/** The names of those whose jobs and uploads this user sees; null for everybody. */
export const seenSubmitters = (s) => s.session?.sees ?? null;

/** Whether this user sees nothing but its own. */
export const seesOnlyOwn = (s) => s.session?.role === 'submitter' && seenSubmitters(s) !== null;

/** Whether this user may change what the owner submitted. */
export const canModify = (s, owner) =>
  canSubmit(s) && (s.session === null || s.session.role === 'admin' || s.session.user === owner);

const loader = new Loader(() => api.session(), {
  onData: update,
  onError: (error) => {
    if (state.session === null) {
      set({ sessionError: error });
      setTimeout(refreshSession, RETRY_MS);
    }
  },
});

/** Loads the session and keeps it up to date. Nothing else is requested before it is known: it might be refused. */
export function startSession() {
  onUnauthorized(refreshSession);
  const refreshIfVisible = () => !document.hidden && needsToken(state) && refreshSession();
  setInterval(refreshIfVisible, REFRESH_MS);
  document.addEventListener('visibilitychange', refreshIfVisible);
  refreshSession();
}

/** Requests the session again; resolves once the state has it. */
export function refreshSession() {
  return loader.load();
}

/** @throws {ApiError} */
export async function logIn(token) {
  await api.logIn(token);
  await refreshSession();
  if (!needsLogin(state)) {
    announce(`Logged in as ${state.session.user}, ${state.session.role}`);
    set({ justLoggedIn: true });
    setTimeout(() => set({ justLoggedIn: false }), WELCOME_MS);
  }
}

/** @throws {ApiError} */
export async function logOut() {
  await api.logOut();
  await refreshSession();
}

function update(session) {
  const before = state.session;
  if (before === null) {
    set({ session, sessionError: null });
  } else if (JSON.stringify(before) !== JSON.stringify(session)) {
    // Another user sees nothing of what this one saw.
    set({ session, justLoggedIn: false, jobs: new Map(), list: null, selection: [], log: null, missingJobId: null });
  } else {
    return;
  }
  if (needsLogin(state)) {
    announce('Log in');
  }
}
