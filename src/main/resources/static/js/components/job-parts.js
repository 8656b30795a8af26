// Small pieces of the views that show jobs.

import { html } from 'htm/preact';
import { relative, time } from '../format.js';
import { progressOf, word } from '../status.js';
import { isOnline, useStore } from '../store.js';
import { Icon, useNow } from './common.js';

const ICONS = {
  PENDING: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2',
  RUNNING: 'M12 3a9 9 0 1 0 9 9',
  CANCELLING: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M10 9v6M14 9v6',
  SUCCEEDED: 'M4 12.5l5 5L20 6.500',
  FAILED: 'M6 6l12 12M18 6L6 18',
  CANCELLED: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M6 18L18 6',
};

/** A job's status: a picture and a word, so never colour alone. */
export function Status({ status }) {
  return html`<span class=${`status ${status.toLowerCase()}`}><${Icon} path=${ICONS[status]} />${word(status)}</span>`;
}

/** How far a job is, as a bar; one without a known length moves instead of standing. */
export function Progress({ job, label = 'Job progress' }) {
  const { fraction, text } = progressOf(job);
  const online = useStore(isOnline);
  const value = fraction === null ? {} : { value: fraction };
  return html`<progress class=${online ? '' : 'stale'} aria-label=${label} aria-valuetext=${text} max="1" ...${value}></progress>`;
}

/** A time relative to now; its title has the full time. */
export function Time({ iso }) {
  useNow(iso ? 30_000 : null);
  return iso ? html`<time datetime=${iso} title=${time(iso)}>${relative(iso)}</time>` : html`<span>–</span>`;
}

/** As useNow, but while the server is offline this is when it was last heard: what goes on there is not known since. */
export function useServerNow(everyMs) {
  const heardAt = useStore((s) => (isOnline(s) ? null : (s.connection.heardAt ?? 0)));
  const now = useNow(heardAt === null ? everyMs : null);
  return heardAt ?? now;
}
