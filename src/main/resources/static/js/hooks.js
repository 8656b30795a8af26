// The hooks of the first view; more-hooks.js has the others.

import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { Loader } from './api/api.js';
import { isReturning, restoreScrollPosition } from './state/navigation.js';
import { onLiveEvent, state, subscribe } from './state/store.js';

/** Selects from the state; the component is redrawn when the selected value changes. */
export function useStore(selector) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const last = useRef(null);
  const selected = selector(state);
  const value = last.current !== null && isSame(last.current.value, selected) ? last.current.value : selected;
  last.current = { selector, value };
  useLayoutEffect(() => {
    const check = () => {
      if (!isSame(last.current.value, last.current.selector(state))) {
        redraw();
      }
    };
    // The state may have changed since the component was drawn.
    check();
    return subscribe(check);
  }, []);
  return value;
}

/** Compares arrays and plain objects by their fields. */
function isSame(a, b) {
  if (Object.is(a, b)) {
    return true;
  }
  if (!isPlain(a) || !isPlain(b)) {
    return false;
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}

function isPlain(value) {
  return Array.isArray(value) || (typeof value === 'object' && value !== null && value.constructor === Object);
}

/** How long data of the old dependencies stays while the new data is loaded. */
const STALE_MS = 1_000;

/**
 * Loads data; again when a dependency changes, at an interval while the tab is visible, and when an unreachable server
 * is back.
 *
 * @param {(signal: AbortSignal) => Promise<any>|null} action null: nothing to load
 * @param {any[]} dependencies
 * @param {number|null} [intervalMs]
 * @returns {{data: any, error: Error|null, loading: boolean, reload: () => void}} the old data stays while new is loaded, for
 *     other dependencies only a moment, and if reloading fails
 */
export function useLoad(action, dependencies, intervalMs = null) {
  const [result, setResult] = useState({ data: null, error: null, loading: true });
  const load = useRef(null);
  useEffect(() => {
    let hasData = false;
    const loader = new Loader((signal) => Promise.resolve(action(signal)), {
      onData: (data) => {
        hasData = true;
        setResult({ data, error: null, loading: loader.isBusy });
      },
      onError: (error) =>
        setResult(({ data }) => ({ data: hasData ? data : null, error, loading: loader.isBusy })),
    });
    load.current = () => {
      setResult((before) => ({ ...before, loading: true }));
      loader.load();
    };
    load.current();
    const timer = setTimeout(() => hasData || setResult((before) => ({ ...before, data: null })), STALE_MS);
    return () => {
      clearTimeout(timer);
      loader.stop();
    };
  }, dependencies);
  const reload = () => load.current();
  const isServerFailure = result.error !== null && (result.error.status === 0 || result.error.status >= 500);
  useEffect(
    () => (isServerFailure ? onLiveEvent((type) => type === 'snapshot' && reload()) : undefined),
    [isServerFailure],
  );
  useEffect(() => {
    if (intervalMs === null) {
      return undefined;
    }
    const timer = setInterval(() => !document.hidden && reload(), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return { ...result, reload };
}

/** The current time in ms, redrawn at an interval; null: not redrawn. */
export function useNow(intervalMs) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    if (intervalMs === null) {
      return undefined;
    }
    const timer = setInterval(redraw, intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return Date.now();
}

/** A value once it has not changed for a while; the first value at once. */
export function useDebounced(value, ms) {
  const [debounced, setDebounced] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(value), ms);
    return () => clearTimeout(timer);
  }, [value]);
  return debounced;
}

/**
 * Moves the focus to the heading of a new view and scrolls to its top, or to where the reader left it.
 *
 * @param {string|null} view names the view; null while it is loaded
 * @param {string} historyEntry
 * @param {boolean} focusFirst whether the first view takes the focus, too
 */
export function useViewFocus(view, historyEntry, focusFirst) {
  const isFirst = useRef(!focusFirst);
  useLayoutEffect(() => {
    if (view === null) {
      return;
    }
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    scrollTo(0, 0);
    focusHeading();
  }, [view]);
  useLayoutEffect(() => {
    if (view !== null && isReturning()) {
      restoreScrollPosition();
    }
  }, [view, historyEntry]);
}

/** Moves the focus to the heading of the view. */
export function focusHeading() {
  document.querySelector('h1')?.focus({ preventScroll: true });
}
