// The route follows the address, and Back restores the scroll position, which browsers try before a view is loaded.

import { parse } from '../lib/router.js';
import { loadText, saveText, set, thisTab } from './store.js';

const KEY = 'tinderbox.places';
const MAX_ENTRIES = 100;
const GIVE_UP_MS = 10_000;
const READER_EVENTS = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

const positions = new Map(storedPositions());
let entry = null;
/** Where the reader left the open entry before; null on the first visit. */
let saved = null;
let stopRestoring = () => {};

function storedPositions() {
  try {
    return JSON.parse(loadText(KEY, thisTab)) ?? [];
  } catch {
    return [];
  }
}

export function startNavigation() {
  history.scrollRestoration = 'manual';
  addEventListener('hashchange', updateRoute);
  addEventListener('pagehide', () => {
    savePosition(null);
    saveText(KEY, JSON.stringify([...positions]), thisTab);
  });
  updateRoute();
}

/** Opens a view, as a link does. */
export function go(href) {
  location.hash = href;
}

/** Replaces the open view at once, without a new entry in the history. */
export function replaceRoute(href) {
  rewriteAddress(href);
  updateRoute();
}

/** Changes the address to which Back will lead, not the open view. */
export function rewriteAddress(href) {
  history.replaceState(history.state, '', href);
}

/** Saves the position before the new view is drawn. */
function updateRoute() {
  savePosition(location.hash);
  set({ route: { ...parse(location.hash), entry: enterHistoryEntry() } });
}

function enterHistoryEntry() {
  stopRestoring();
  entry = history.state?.entry ?? null;
  if (entry === null) {
    entry = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    history.replaceState({ entry }, '');
  }
  saved = positions.get(entry) ?? null;
  return entry;
}

/** @param {string|null} opened the link that the reader follows */
function savePosition(opened) {
  if (entry !== null) {
    positions.delete(entry);
    positions.set(entry, { y: Math.round(scrollY), opened });
    if (positions.size > MAX_ENTRIES) {
      positions.delete(positions.keys().next().value);
    }
  }
}

/** Whether the reader has been at this history entry before. */
export function isReturning() {
  return saved !== null;
}

/** Scrolls to the saved position once the view is long enough, unless the reader scrolls or types first. */
export function restoreScrollPosition() {
  const { y, opened } = saved;
  stopRestoring();
  const restore = () => {
    scrollTo(0, y);
    const link = [...document.querySelectorAll('main a')].find((a) => a.getAttribute('href') === opened);
    // Keyboard navigation continues at the link that was followed.
    link?.focus({ preventScroll: true });
    if (Math.abs(scrollY - y) < 2 && (link || opened === null)) {
      stopRestoring();
    }
  };
  const observer = new ResizeObserver(restore);
  const timer = setTimeout(() => stopRestoring(), GIVE_UP_MS);
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
    READER_EVENTS.forEach((type) => removeEventListener(type, stop));
    stopRestoring = () => {};
  };
  stopRestoring = stop;
  READER_EVENTS.forEach((type) => addEventListener(type, stop, { passive: true }));
  observer.observe(document.body);
  restore();
}
