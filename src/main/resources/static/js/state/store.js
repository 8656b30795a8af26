// The state of the page, its changes, and the live events. Jobs and other values are replaced, never changed in place:
// a component is redrawn if what it selects was replaced.

import { parse } from '../lib/router.js';
import { oneLine } from '../lib/text.js';

// Functions, since access to storage may be forbidden and throw.
const thisBrowser = () => localStorage;
export const thisTab = () => sessionStorage;

export const HAS_SUBMITTED_KEY = 'tinderbox.has-run';

export const state = {
  /** See router.js; entry is the id of the history entry. */
  route: { ...parse(''), entry: null },
  /** {auth, user, role}; null until known. */
  session: null,
  sessionError: null,
  /** True for a moment after a login. */
  justLoggedIn: false,
  /** By id; received_at is when a job's newest data arrived, in ms since 1970. */
  jobs: new Map(),
  /** The id in the address, if there is no such job. */
  missingJobId: null,
  jobTypes: null,
  jobTypesError: null,
  // See the modules of these names.
  list: null,
  selection: [],
  log: null,
  draft: null,
  uploads: [],
  uploadsDone: 0,
  /** Grows when this page has changed a preset. */
  presetsVersion: 0,
  connection: { status: 'connecting', retryAt: null, lastHeardAt: null, isBack: false },
  /** Text of the status region. */
  announcement: '',
  /** Whether this browser has ever submitted a job. */
  hasSubmitted: loadText(HAS_SUBMITTED_KEY) !== null,
  /** The browser's answer: 'granted', 'denied' or 'default'; null if not asked on this page. */
  notificationPermission: null,
  /** Whether the next search box takes the focus. */
  focusSearch: false,
};

const subscribers = new Set();
const eventListeners = new Set();

/** Calls a function after each change; returns a function that ends that. */
export function subscribe(subscriber) {
  subscribers.add(subscriber);
  return () => subscribers.delete(subscriber);
}

/** Changes the state and notifies all subscribers. */
export function set(changes) {
  Object.assign(state, changes);
  for (const subscriber of [...subscribers]) {
    subscriber();
  }
}

/** Calls a function with (type, data) after each live event is in the state; returns a function that ends that. */
export function onLiveEvent(listener) {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

export function emitLiveEvent(type, data) {
  for (const listener of [...eventListeners]) {
    listener(type, data);
  }
}

/** Has screen readers speak a text when they are idle. */
export function announce(text) {
  const line = oneLine(text);
  // A repeated text is spoken only if the region changes.
  set({ announcement: line === state.announcement ? `${line}\u00a0` : line });
}

// ---- texts kept in this browser, or in this tab

/** A saved text, or null. */
export function loadText(key, storage = thisBrowser) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

/** Saves a text, or deletes it if text is null. */
export function saveText(key, text, storage = thisBrowser) {
  try {
    if (text === null) {
      storage().removeItem(key);
    } else {
      storage().setItem(key, text);
    }
  } catch {
    // Kept for this page only.
  }
}
