// Small pieces that every view uses.

import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { clock, time } from '../format.js';
import { Loader } from '../loader.js';
import { announce, onLiveEvent } from '../store.js';
import { directionOf } from '../text.js';

const ICONS = {
  folder: 'M3 6h6l2 2h10v11H3z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  up: 'M12 19V5M5 12l7-7 7 7',
  down: 'M12 5v14M5 12l7 7 7-7',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
};

/** A picture beside a word, never instead of one. */
export function Icon({ name, path = ICONS[name] }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
}

/** These turn all that follows around, unless each stands apart. */
const TURNS = /([\u202a-\u202e\u2066-\u2069])/;

/** Text that someone else wrote, such as a job's name; it paints over nothing and turns nothing around. */
export function Foreign({ text, class: extra = '' }) {
  const whole = String(text);
  return html`<bdi class=${`foreign ${extra}`} dir=${directionOf(whole)}>${unturned(whole)}</bdi>`;
}

/** A text with every mark in it that turns what follows around put apart. */
export function unturned(text) {
  const parts = text.split(TURNS);
  return parts.length === 1 ? text : parts.map((part, n) => (n % 2 === 1 ? html`<bdi>${part}</bdi>` : part));
}

/** The time now, drawn again after each interval; with null it stands still. */
export function useNow(everyMs) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (everyMs === null) {
      return undefined;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return everyMs === null ? Date.now() : now;
}

/** After so long, what was asked for before no longer stands under what is asked for now. */
const LATE_MS = 1_000;
const HALF_A_DAY_MS = 43_200_000;

/**
 * What an action answers. It is asked again when a dependency changes, at an interval while somebody looks, and after a
 * failure to get an answer as soon as the server speaks again.
 *
 * @param {(signal: AbortSignal) => Promise<any>|null} action null: nothing to ask for
 * @param {number|null} [everyMs]
 * @returns {{data: any, error: Error|null, loading: boolean, reload: () => void}} data is that of before while loading,
 *     but for a moment only where a dependency has changed, and stays when asking the same again fails
 */
export function useLoad(action, dependencies, everyMs = null) {
  const [answer, setAnswer] = useState({ data: null, error: null, loading: true });
  const current = useRef(null);
  useEffect(() => {
    let answered = false;
    const loader = new Loader((signal) => Promise.resolve(action(signal)), {
      onData: (data) => {
        answered = true;
        setAnswer({ data, error: null, loading: loader.busy });
      },
      onError: (error) =>
        setAnswer(({ data }) => ({ data: answered ? data : null, error, loading: loader.busy })),
    });
    current.current = () => {
      setAnswer((before) => ({ ...before, loading: true }));
      loader.load();
    };
    current.current();
    const late = setTimeout(() => answered || setAnswer((before) => ({ ...before, data: null })), LATE_MS);
    return () => {
      clearTimeout(late);
      loader.stop();
    };
  }, dependencies);
  const reload = () => current.current();
  const unanswered = answer.error !== null && (answer.error.status === 0 || answer.error.status >= 500);
  useEffect(
    () => (unanswered ? onLiveEvent((type) => type === 'snapshot' && reload()) : undefined),
    [unanswered],
  );
  useEffect(() => {
    if (everyMs === null) {
      return undefined;
    }
    const timer = setInterval(() => !document.hidden && reload(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { ...answer, reload };
}

const SLOW_MS = 8_000;

/** Shows what is inside only after a moment, so that what is quick does not flash. */
export function Delayed({ ms = 200, children }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), ms);
    return () => clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

/** Where content will stand. */
export function Skeleton({ lines = 6, label = 'Loading' }) {
  const bars = Array.from({ length: lines }, (_, n) => html`<span key=${n}></span>`);
  return html`
    <${Delayed}><div class="skeleton" role="img" aria-label=${label}>${bars}</div><//>
    <${Delayed} ms=${SLOW_MS}><p class="note" role="status">The server has not answered yet. It may be very busy, or the network slow.</p><//>`;
}

/** What went wrong, in the server's words. */
export function ErrorNote({ error, retry }) {
  return html`
    <div class="note bad" role="alert">
      <p><${Foreign} text=${error.message} /></p>
      ${retry && html`<p><button type="button" class="button" onClick=${retry}>Try again</button></p>`}
    </div>`;
}

/** Copies a text and says so; text may be a function, also an async one. */
export function CopyButton({ text, label, class: extra = '' }) {
  const [said, setSaid] = useState(null);
  const copy = async () => {
    const done = await copied(text);
    announce(done ? 'Copied' : 'Could not be copied');
    setSaid(done ? 'Copied' : 'Not copied');
    setTimeout(() => setSaid(null), 1_500);
  };
  return html`
    <button type="button" class=${`button ${extra}`} aria-label=${label} onClick=${copy}>
      <${Icon} name="copy" />${said ?? label}
    </button>`;
}

async function copied(text) {
  try {
    return await copyText(typeof text === 'function' ? await text() : text);
  } catch {
    return false;
  }
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughSelection(text);
  }
}

/** Over plain HTTP from another machine there is no clipboard API. */
function copyThroughSelection(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return done;
}

/** 'from 12:03', for data that may be old; with the day where it is not of today or this night. */
export function asOf(ms) {
  return ms === null ? 'from before' : `from ${(Date.now() - ms < HALF_A_DAY_MS ? clock : time)(ms)}`;
}
