// Small components that several views use.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { useNow, useStore } from '../hooks.js';
import { count, plural, relative, time } from '../lib/format.js';
import { directionOf } from '../lib/text.js';
import { isOnline } from '../state/connection.js';
import { announce } from '../state/store.js';
import { loadSubmission, withTimeout } from './lazy.js';

const ICONS = {
  folder: 'M3 6h6l2 2h10v11H3z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  up: 'M12 19V5M5 12l7-7 7 7',
  down: 'M12 5v14M5 12l7 7 7-7',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  chart: 'M4 4v16h16M8 16v-5M12 16V7M16 16v-3',
  cross: 'M6 6l12 12M18 6L6 18',
  filter: 'M4 5h16l-6 8v6l-4-2v-4z',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
};

/** An icon beside a word, never instead of one. */
export function Icon({ name, path = ICONS[name] }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
}

/** These characters change the direction of all text after them, unless isolated. */
const BIDI_CONTROLS = /([\u202a-\u202e\u2066-\u2069])/;

/** Text from users, such as a job's name. It cannot overlap other text or change its direction. */
export function UserText({ text, class: extra = '' }) {
  const string = String(text);
  return html`<bdi class=${`user-text ${extra}`} dir=${directionOf(string)}>${isolateBidi(string)}</bdi>`;
}

/** A text with each of its direction controls isolated. */
export function isolateBidi(text) {
  const parts = text.split(BIDI_CONTROLS);
  return parts.length === 1 ? text : parts.map((part, n) => (n % 2 === 1 ? html`<bdi>${part}</bdi>` : part));
}

const RELATIVE_TIME_MS = 30_000;
const SLOW_MS = 8_000;
const SHOW_OUTCOME_MS = 1_500;

/** Shows its children only after a moment, so that short waits do not flicker. */
export function Delayed({ ms = 200, children }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), ms);
    return () => clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

/** A placeholder for content that is loading. */
export function Skeleton({ lines = 6, label = 'Loading' }) {
  const bars = Array.from({ length: lines }, (_, n) => html`<span key=${n}></span>`);
  return html`
    <${Delayed}><div class="skeleton" role="img" aria-label=${label}>${bars}</div><//>
    <${Delayed} ms=${SLOW_MS}><p class="note" role="status">The server has not answered yet. It may be very busy, or the network slow.</p><//>`;
}

/** A time relative to now, with the full time as its title. */
export function RelativeTime({ iso }) {
  useNow(iso ? RELATIVE_TIME_MS : null);
  return iso ? html`<time datetime=${iso} title=${time(iso)}>${relative(iso)}</time>` : html`<span>–</span>`;
}

/** An error, and a button to try again if retry is given. */
export function ErrorNote({ error, retry }) {
  return html`
    <div class="note bad" role="alert">
      <p><${UserText} text=${error.message} /></p>
      ${retry && html`<p><button type="button" class="button" onClick=${retry}>Try again</button></p>`}
    </div>`;
}

/** Submits the sample word count. */
export function SampleButton() {
  const online = useStore(isOnline);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      const { submitSample } = await withTimeout(loadSubmission());
      await submitSample();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return html`
    <div class="stack">
      <button type="button" class="button primary" disabled=${busy || !online} onClick=${run}>
        Run the sample word count
      </button>
      ${error && html`<p class="field-error" role="alert"><${UserText} text=${error.message} /></p>`}
    </div>`;
}

export const FOLDER_PAGE_SIZE = 200;

function lastOffset(total) {
  return Math.floor((total - 1) / FOLDER_PAGE_SIZE) * FOLDER_PAGE_SIZE;
}

/** The buttons to page through a folder; nothing if all of it is shown. */
export function FolderPages({ page: { offset, entries, total }, onOffset }) {
  const end = offset + entries.length;
  return (
    total > entries.length &&
    html`
      <div class="row apart">
        <span class="help" role="status">
          ${entries.length === 0 ? `There are only ${plural(total, 'entry', 'entries')}` : `${count(offset + 1)} to ${count(end)} of ${count(total)}`}
        </span>
        <span class="row">
          <button type="button" class="button" disabled=${offset === 0} onClick=${() => onOffset(Math.min(offset - FOLDER_PAGE_SIZE, lastOffset(total)))}>Previous</button>
          <button type="button" class="button" disabled=${end >= total} onClick=${() => onOffset(offset + FOLDER_PAGE_SIZE)}>Next</button>
        </span>
      </div>`
  );
}

/** Copies a text to the clipboard; text may be a function, also an async one. */
export function CopyButton({ text, label }) {
  const [outcome, setOutcome] = useState(null);
  const copy = async () => {
    const isCopied = await copyToClipboard(text);
    announce(isCopied ? 'Copied' : 'Could not be copied');
    setOutcome(isCopied ? 'Copied' : 'Not copied');
    setTimeout(() => setOutcome(null), SHOW_OUTCOME_MS);
  };
  return html`
    <button type="button" class="button" aria-label=${label} onClick=${copy}>
      <${Icon} name="copy" />${outcome ?? label}
    </button>`;
}

async function copyToClipboard(text) {
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

/** Insecure contexts, such as plain HTTP from another machine, have no clipboard API. */
function copyThroughSelection(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return isCopied;
}
