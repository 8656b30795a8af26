// The datasets that jobs from this browser have read, the newest first.

import { loadText, saveText } from './store.js';

const KEY = 'tinderbox.recent-datasets';
const MAX = 6;

/** Their paths. */
export function recentDatasets() {
  try {
    const paths = JSON.parse(loadText(KEY));
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
}

/** Puts the datasets of a job first. */
export function rememberDatasets(paths) {
  const used = paths.filter((path) => path !== '').map((path) => path.replace(/\/$/, ''));
  if (used.length > 0) {
    const all = [...new Set([...used, ...recentDatasets()])];
    saveText(KEY, JSON.stringify(all.slice(0, MAX)));
  }
}

/** Leaves nothing for the next user of this browser. */
export function forgetDatasets() {
  saveText(KEY, null);
}
