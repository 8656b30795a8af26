// Hooks that the first view does not need.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { focusHeading, useNow, useStore } from './hooks.js';
import { isOnline } from './state/connection.js';
import { onLiveEvent } from './state/store.js';

/** Loads again after live events that concern what is shown, at most once in an interval. */
export function useLiveReload(reload, concerns, intervalMs) {
  const latest = useRef(null);
  latest.current = { reload, concerns };
  useEffect(() => {
    let timer;
    const stop = onLiveEvent((type, data) => {
      if (timer === undefined && latest.current.concerns(type, data)) {
        timer = setTimeout(() => {
          timer = undefined;
          latest.current.reload();
        }, intervalMs);
      }
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
}

/** True for ms after the condition has become true while the component was shown. */
export function useJustBecame(condition, ms) {
  const [isSettled, setSettled] = useState(condition);
  useEffect(() => {
    if (!condition) {
      setSettled(false);
      return undefined;
    }
    const timer = setTimeout(() => setSettled(true), ms);
    return () => clearTimeout(timer);
  }, [condition]);
  return condition && !isSettled;
}

const MIN_WIDTH = 240;

/** The width of the referenced element in pixels, at first the given one. */
export function useWidth(element, initial) {
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(MIN_WIDTH, Math.round(entry.contentRect.width))));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Calls a handler for keys pressed outside of text fields and dialogs. The first handler is kept. */
export function useShortcuts(handler) {
  useEffect(() => {
    const onKey = (event) => isFree(event) && handler(event);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isFree(event) {
  return (
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !event.isComposing &&
    document.querySelector('dialog[open]') === null &&
    event.target.closest?.('input:not([type="checkbox"]), textarea, select, [contenteditable]') === null
  );
}

/**
 * For buttons that ask the server for something, one at a time.
 *
 * @returns {{act: (action: () => Promise<string|null|void>) => (event: Event) => void, busy: boolean, note: string|null}}
 *     act makes a click handler; note is what the last action returned, or why it failed
 */
export function useAction() {
  const [note, setNote] = useState(null);
  const [busy, setBusy] = useState(false);
  const isActing = useRef(false);
  const act = (action) => async (event) => {
    // The second click of a double click may hit another button than the first.
    if (isActing.current || event.detail > 1 || event.currentTarget.ariaDisabled === 'true') {
      return;
    }
    isActing.current = true;
    setBusy(true);
    setNote(null);
    try {
      setNote((await action()) ?? null);
    } catch (error) {
      setNote(error.message);
    } finally {
      isActing.current = false;
      setBusy(false);
    }
  };
  return { act, busy, note };
}

/** Like useNow, but stops when the server was last heard: whether its jobs still run is not known. */
export function useServerNow(intervalMs) {
  const lastHeardAt = useStore((s) => (isOnline(s) ? null : (s.connection.lastHeardAt ?? 0)));
  const now = useNow(lastHeardAt === null ? intervalMs : null);
  return lastHeardAt ?? now;
}

/** Moves the focus to the heading if a change removes the focused element from a container. */
export function useFocusFallback(containerSelector, change) {
  const hadFocus = useRef(false);
  hadFocus.current = document.activeElement?.closest(containerSelector) != null;
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) {
      focusHeading();
    }
  }, [change]);
}
