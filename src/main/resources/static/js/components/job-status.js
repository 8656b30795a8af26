// A job's status and progress.

import { html } from 'htm/preact';
import { useStore } from '../hooks.js';
import { progressOf } from '../lib/job-progress.js';
import { statusLabel } from '../lib/job-status.js';
import { isOnline } from '../state/connection.js';
import { Icon } from './common.js';

const ICONS = {
  PENDING: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2',
  RUNNING: 'M12 3a9 9 0 1 0 9 9',
  CANCELLING: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M10 9v6M14 9v6',
  SUCCEEDED: 'M4 12.5l5 5L20 6.500',
  FAILED: 'M6 6l12 12M18 6L6 18',
  CANCELLED: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M6 18L18 6',
};

/** A job's status, as an icon and a word: never as colour alone. */
export function StatusBadge({ status }) {
  return html`<span class=${`status ${status.toLowerCase()}`}><${Icon} path=${ICONS[status]} />${statusLabel(status)}</span>`;
}

/** A job's progress; the bar moves if its length is not known. */
export function ProgressBar({ job, label = 'Job progress' }) {
  const { fraction, text } = progressOf(job);
  const online = useStore(isOnline);
  const value = fraction === null ? {} : { value: fraction };
  return html`<progress class=${online ? '' : 'stale'} aria-label=${label} aria-valuetext=${text} max="1" ...${value}></progress>`;
}
