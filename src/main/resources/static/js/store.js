// What the page knows, and who is told when it changes. A job is never changed in place but replaced, so that who
// selects one is redrawn only for that one.

import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { api, onStranger, paths } from './api.js';
import { Live } from './live.js';
import { jobHref, parse } from './router.js';
import { ended, later } from './status.js';
import { oneLine } from './text.js';

/** More jobs than this are not kept: the oldest told that nobody shows go first. */
const MOST_JOBS = 2_000;
const HAS_RUN_KEY = 'tinderbox.has-run';
const THEME_KEY = 'tinderbox.theme';
const AUTH_KEY = 'tinderbox.auth';

export const state = {
  route: parse(''),
  /** Who this browser is to the server: {auth, user, role}; null before it is known. */
  me: null,
  /** Whether nothing is asked before it is known who this is: a server that wanted to know would refuse it. */
  waitsForMe: remembered(AUTH_KEY) !== null,
  /** Every job that was told of, by id, as it was last told. */
  jobs: new Map(),
  /** The numbers of all jobs by status; null before they are known. */
  counts: null,
  jobTypes: null,
  jobTypesError: null,
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

async function loadMe() {
  let me = state.me;
  try {
    me = await api.session();
    remember(AUTH_KEY, me.auth ? 'yes' : null);
  } catch {
    // Whoever must be known is told so by the next call.
  }
  const waited = state.waitsForMe;
  set({ me, waitsForMe: false });
  if (isStranger(state)) {
    live.follow(null);
  } else if (waited) {
    begin();
  }
}

function isNowStranger() {
  if (!isStranger(state)) {
    remember(AUTH_KEY, 'yes');
    set({ me: { auth: true, user: null, role: null } });
    live.follow(null);
  }
}

/** Tells the server who this is; the page begins anew, for all it has asked for was refused. */
export async function logIn(token) {
  await api.logIn(token);
  location.reload();
}

export async function logOut() {
  await api.logOut();
  location.reload();
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
    if (document.hidden) {
      // A tab that was opened in the background watches from now on.
      followRoute();
    }
  } catch (error) {
    if (error.status === 404 || error.code === 'malformed_id') {
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
  history.replaceState(null, '', href);
  routed();
}

function routed() {
  set({ route: parse(location.hash) });
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

const BACK_FOR_MS = 4_000;
/** After so long without an answer the server counts as offline. */
const POLL_MS = 10_000;

const live = new Live({
  connect: (path) => new EventSource(path),
  poll,
  onEvent: take,
  onStatus: connectionIs,
});

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
  for (const listener of [...eventListeners]) {
    listener(type, data);
  }
  if (document.hidden) {
    // Once the watched job has ended, nothing more is asked.
    followRoute();
  }
}

let backTimer;

function connectionIs(status, retryAt) {
  const before = state.connection;
  const heardAt = status === 'offline' || status === 'connecting' ? before.heardAt : Date.now();
  const isBack = before.status === 'offline' && status !== 'offline';
  if (before.status === status && before.retryAt === retryAt) {
    // Nobody shows this while all is well, so nobody is told.
    before.heardAt = heardAt;
    return;
  }
  set({ connection: { status, retryAt, heardAt, isBack: isBack || before.isBack } });
  if (status === 'offline' && before.status !== 'offline') {
    announce('Offline');
  }
  if (isBack) {
    announce('Reconnected');
    if (state.me === null) {
      loadMe();
    }
    clearTimeout(backTimer);
    backTimer = setTimeout(() => set({ connection: { ...state.connection, isBack: false } }), BACK_FOR_MS);
  }
}

export function retryNow() {
  live.retryNow();
}

/** Whether the server can be asked, as far as is known. */
export const isOnline = (s) => s.connection.status !== 'offline';

/** Follows what the open view needs, and as little as possible while nobody looks. */
export function followRoute() {
  if (state.waitsForMe || isStranger(state)) {
    return;
  }
  const { view, id } = state.route;
  const job = view === 'job' ? state.jobs.get(id) : undefined;
  const path = view === 'job' && id !== state.goneId ? paths.jobEvents(id) : paths.events();
  if (!document.hidden) {
    live.follow(path);
  } else if (job !== undefined && !ended(job)) {
    // Its title tells how far it is.
    live.watchHidden(path);
  } else {
    live.follow(null);
  }
}

/** What waits until it is known who this is. */
function begin() {
  loadJobTypes();
  followRoute();
}

/** Starts the page's memory: routes, the stream, and what most first views wait for. */
export function start() {
  onStranger(isNowStranger);
  loadMe();
  if (!state.waitsForMe) {
    loadJobTypes();
  }
  addEventListener('hashchange', routed);
  addEventListener('online', retryNow);
  addEventListener('offline', () => live.doubt());
  document.addEventListener('visibilitychange', followRoute);
  routed();
}
