// What the page knows, and who is told when it changes. A job is never changed in place but replaced, so that who
// selects one is redrawn only for that one.

import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { api, onRefused, paths } from './api.js';
import { Loader } from './loader.js';
import { moved, startPlaces } from './places.js';
import { jobHref, parse } from './router.js';
import { ended, later } from './status.js';
import { oneLine } from './text.js';

/** More jobs than this are not kept: the oldest told that nobody shows go first. */
const MOST_JOBS = 2_000;
const HAS_RUN_KEY = 'tinderbox.has-run';
const THEME_KEY = 'tinderbox.theme';

export const state = {
  /** What the address names, and which step of the history this is. */
  route: { ...parse(''), entry: null },
  /** Who this browser is to the server: {auth, user, role}; null before it is known. */
  me: null,
  /** Why that could not be asked; null once it could. */
  meError: null,
  /** Whether somebody has just logged in. */
  hasLoggedIn: false,
  /** Every job that was told of, by id, as it was last told. */
  jobs: new Map(),
  /** The numbers of all jobs by status; null before they are known. */
  counts: null,
  jobTypes: null,
  jobTypesError: null,
  /** status is 'none' while nothing is followed because nobody is logged in. */
  connection: { status: 'connecting', retryAt: null, heardAt: null, isBack: false },
  /** What the status region says. */
  announcement: '',
  theme: document.documentElement.dataset.theme ?? 'system',
  /** Whether this browser has sent a job before. */
  hasRun: remembered(HAS_RUN_KEY) !== null,
  /** What the browser says to notifications, once it was asked: 'granted', 'denied' or 'default'. */
  notify: null,
  /** The job that was asked for and is not there. */
  goneId: null,
  /** Whether the search box that is drawn next takes the focus. */
  wantsSearch: false,
  /** The files on their way to the server, and how many have arrived. */
  uploads: [],
  uploadsDone: 0,
};

const subscribers = new Set();
const eventListeners = new Set();

/** Calls a function after each change; answers what ends that. */
export function subscribe(subscriber) {
  subscribers.add(subscriber);
  return () => subscribers.delete(subscriber);
}

/** Changes the state and tells all subscribers. */
export function set(changes) {
  Object.assign(state, changes);
  for (const subscriber of [...subscribers]) {
    subscriber();
  }
}

/** Calls a function with (type, data) for each live event, after the jobs know of it; answers what ends that. */
export function onLiveEvent(listener) {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

export function tellListeners(type, data) {
  for (const listener of [...eventListeners]) {
    listener(type, data);
  }
}

/** What the selector picks from the state; the component is drawn again only when that is another. */
export function useStore(selector) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const last = useRef(null);
  const selected = selector(state);
  const value = last.current !== null && same(last.current.value, selected) ? last.current.value : selected;
  last.current = { selector, value };
  useLayoutEffect(() => {
    const look = () => {
      if (!same(last.current.value, last.current.selector(state))) {
        redraw();
      }
    };
    // Between the drawing and now something may have changed.
    look();
    return subscribe(look);
  }, []);
  return value;
}

function same(a, b) {
  if (Object.is(a, b)) {
    return true;
  }
  if (!plain(a) || !plain(b)) {
    return false;
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}

function plain(value) {
  return Array.isArray(value) || (typeof value === 'object' && value !== null && value.constructor === Object);
}

// ---- what is kept in this browser

/** A remembered text, or null; storage may be forbidden. */
export function remembered(key, storage = () => localStorage) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a text, or forgets it where it is null. */
export function remember(key, text, storage = () => localStorage) {
  try {
    if (text === null) {
      storage().removeItem(key);
    } else {
      storage().setItem(key, text);
    }
  } catch {
    // It works without, only not beyond this page.
  }
}

// ---- who this is

/** Whether the server wants to know who this is, and does not. */
export const isStranger = (s) => s.me?.auth === true && s.me.user === null;

/** Whether scripts need a token here, as far as is known. */
export const wantsToken = (s) => s.me?.auth === true;

/** Whether jobs and datasets may be sent, as far as is known. */
export const maySend = (s) => s.me === null || s.me.role !== 'viewer';

/** Whether this is an admin where that means something. */
export const isAdmin = (s) => s.me?.auth === true && s.me.role === 'admin';

/** Whether what somebody sent may be changed, as far as is known. */
export const mayChange = (s, owner) => maySend(s) && (s.me === null || s.me.role === 'admin' || s.me.user === owner);

const RETRY_ME_MS = 3_000;
/** A session may end without a word, and in another browser. */
const ASK_ME_MS = 60_000;
const WELCOME_MS = 4_000;

/** Nothing else is asked before this is answered: a server that wants to know who calls would refuse it. */
const me = new Loader(() => api.session(), {
  onData: isNow,
  onError: (error) => {
    if (state.me === null) {
      set({ meError: error });
      setTimeout(askWhoThisIs, RETRY_ME_MS);
    }
  },
});

/** Asks who this is: when the page begins, a call is refused, or another window has logged in or out. */
export function askWhoThisIs() {
  me.load();
}

/** Somebody else than before sees nothing of what was shown before. */
function isNow(now) {
  const before = state.me;
  if (before !== null && before.auth === now.auth && before.user === now.user && before.role === now.role) {
    return;
  }
  if (before === null) {
    set({ me: now, meError: null });
  } else {
    standStill();
    set({ me: now, hasLoggedIn: false, jobs: new Map(), counts: null, list: undefined, log: null, goneId: null });
    post?.({ kind: 'session' });
  }
  if (isStranger(state)) {
    announce('Log in');
    standStill();
  } else {
    begin();
  }
}

function standStill() {
  live?.follower.follow(null);
  set({ connection: { status: 'none', retryAt: null, heardAt: null, isBack: false } });
}

/** Tells the server who this is. */
export async function logIn(token) {
  await api.logIn(token);
  post?.({ kind: 'session' });
  await me.load();
  if (!isStranger(state)) {
    announce(`Logged in as ${state.me.user}, ${state.me.role}`);
    set({ hasLoggedIn: true });
    setTimeout(() => set({ hasLoggedIn: false }), WELCOME_MS);
  }
}

export async function logOut() {
  await api.logOut();
  post?.({ kind: 'session' });
  await me.load();
}

// ---- jobs

/**
 * Takes in jobs as they were told.
 *
 * @param {Object[]} jobs
 * @param {number} [askedAt] when an answer was asked for; Infinity for a snapshot, none for an event
 */
export function learn(jobs, askedAt) {
  const now = Date.now();
  for (const job of jobs) {
    const known = state.jobs.get(job.job_id);
    const next = later(known, { ...job, heard_at: now }, askedAt);
    if (!ended(next)) {
      // It has none yet; once it has ended, its absence says that it has not been asked for.
      delete next.summary;
    }
    state.jobs.delete(job.job_id);
    state.jobs.set(job.job_id, next);
  }
  const { id: open, query } = state.route;
  const shown = state.jobs.size > MOST_JOBS ? [open, query.a, query.b, ...(state.list?.ids ?? [])] : [];
  for (const [id, job] of state.jobs) {
    if (state.jobs.size <= MOST_JOBS) {
      break;
    }
    if (ended(job) && !shown.includes(id)) {
      state.jobs.delete(id);
    }
  }
  set({});
}

/** A job that is no longer there. */
export function forget(id) {
  state.jobs.delete(id);
  set(id === state.route.id ? { goneId: id } : {});
  followRoute();
}

/** Asks for one job, whole. */
export async function loadJob(id, signal) {
  const askedAt = Date.now();
  try {
    learn([await api.job(id, signal)], askedAt);
    // Only now is it known whether there is something to follow.
    followRoute();
  } catch (error) {
    if (error.status === 404) {
      forget(id);
    }
    throw error;
  }
}

/** What one view shows and nobody else needs is asked for and not kept; see the calls of the API. */
export const ask = {
  jobs: async (query, signal) => {
    const askedAt = Date.now();
    const page = await api.jobs(query, signal);
    learn(page.jobs, askedAt);
    return page;
  },
  log: api.log,
  result: api.result,
  resultSize: api.resultSize,
  stages: api.stages,
  folder: api.datasets,
  preview: api.preview,
  server: api.server,
  audit: api.audit,
  readiness: api.readiness,
};

let askingForTypes = false;

/** Asks once for what can be run. */
export async function loadJobTypes() {
  if (state.jobTypes !== null || askingForTypes) {
    return;
  }
  askingForTypes = true;
  try {
    set({ jobTypes: await api.jobTypes(), jobTypesError: null });
  } catch (error) {
    set({ jobTypesError: error });
  } finally {
    askingForTypes = false;
  }
}

/**
 * Sends a job and goes to it.
 *
 * @param {Object|undefined} body nothing for the sample
 */
export async function submit(body, key) {
  const job = await api.submit(body, key);
  remember(HAS_RUN_KEY, 'yes');
  set({ hasRun: true });
  learn([job]);
  announce('Job accepted');
  go(jobHref(job.job_id));
  return job;
}

/** A key for one thing to be sent; where the page is not served securely there is no randomUUID. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// ---- the shell

/** Goes to a view, as a link would. */
export function go(href) {
  location.hash = href;
}

/** Goes to a view in the place of the one that is open, at once and without a step of the history. */
export function replaceRoute(href) {
  history.replaceState(history.state, '', href);
  routed();
}

function routed() {
  set({ route: { ...parse(location.hash), entry: moved() } });
  followRoute();
}

/** Has a screen reader say something, politely. */
export function announce(text) {
  const said = oneLine(text);
  // The same text twice is said only if the region changes.
  set({ announcement: said === state.announcement ? `${said}\u00a0` : said });
}

/** @param {'system'|'light'|'dark'} theme */
export function chooseTheme(theme) {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  remember(THEME_KEY, theme === 'system' ? null : theme);
  set({ theme });
}

/** Asks whether the end of the watched job may be notified. */
export async function askToNotify() {
  set({ notify: await Notification.requestPermission() });
}

// ---- the live layer

/** The live layer; null until it is loaded, which is when something is first followed. */
let live = null;
let isLoading = false;
const RETRY_LIVE_MS = 3_000;

async function loadLive() {
  if (isLoading) {
    return;
  }
  isLoading = true;
  try {
    live = (await import('./connection.js')).startLive(post);
    followRoute();
  } catch {
    const before = state.connection;
    set({ connection: { ...before, status: 'offline', retryAt: Date.now() + RETRY_LIVE_MS, isBack: false } });
    if (before.status !== 'offline') {
      announce('Offline');
    }
    setTimeout(followRoute, RETRY_LIVE_MS);
  } finally {
    isLoading = false;
  }
}

export function retryNow() {
  if (live === null) {
    followRoute();
  } else {
    live.follower.retryNow();
  }
}

// ---- the other windows of this browser

let channel = null;
const post = 'BroadcastChannel' in globalThis ? (message) => channel?.postMessage(message) : null;

/** Those of this server: there may be others behind the same name. */
function openChannel() {
  channel = new BroadcastChannel(`tinderbox ${new URL('.', document.baseURI).pathname}`);
  channel.addEventListener('message', ({ data }) => {
    if (data.kind === 'session') {
      askWhoThisIs();
    } else {
      live?.streams.hear(data);
    }
  });
}

/** The page goes away, or is kept as it is for when the reader comes back; a kept page hears nothing. */
function closeChannel() {
  live?.streams.leave();
  channel?.close();
  channel = null;
}

/** Whether the server can be asked, as far as is known. */
export const isOnline = (s) => s.connection.status !== 'offline';

/** Follows what the open view needs, and as little as possible while nobody looks. */
export function followRoute() {
  if (state.me === null || isStranger(state)) {
    return;
  }
  const { view, id, tab } = state.route;
  const job = view === 'job' ? state.jobs.get(id) : undefined;
  const runs = job !== undefined && !ended(job);
  // Events of all jobs have everything but log lines, so one stream serves all windows.
  const path = runs && tab === 'log' ? paths.jobEvents(id) : paths.events();
  if (live === null) {
    loadLive();
  } else if (!document.hidden) {
    live.follower.follow(path);
  } else if (runs) {
    // Its title tells how far it is.
    live.follower.watchHidden(paths.jobEvents(id));
  } else {
    live.follower.follow(null);
  }
}

const FIRST_VIEW_MS = 1_000;
const DRAWN_MS = 50;

/** What waits until it is known who this is. What the first view needs comes first. */
async function begin() {
  // The server has just said who this is.
  set({ connection: { ...state.connection, status: 'connecting', heardAt: Date.now() } });
  await Promise.race([loadJobTypes(), new Promise((resolve) => setTimeout(resolve, FIRST_VIEW_MS))]);
  // It is drawn first.
  setTimeout(followRoute, DRAWN_MS);
}

/** Starts the page's memory: routes, who this is, the stream, and what most first views wait for. */
export function start() {
  startPlaces();
  onRefused(askWhoThisIs);
  addEventListener('hashchange', routed);
  addEventListener('online', retryNow);
  addEventListener('offline', () => live?.follower.doubt());
  if (post !== null) {
    openChannel();
    addEventListener('pagehide', closeChannel);
    addEventListener('pageshow', (event) => event.persisted && openChannel());
  }
  const askAgain = () => !document.hidden && wantsToken(state) && askWhoThisIs();
  setInterval(askAgain, ASK_ME_MS);
  document.addEventListener('visibilitychange', () => {
    followRoute();
    askAgain();
  });
  routed();
  askWhoThisIs();
}
