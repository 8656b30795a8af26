// The jobs that are selected in the list, in the order of their selection: state.selection. They stay selected while the
// list is filtered and paged, and when Back leads to it.

import { api } from '../api/api.js';
import { updateJobs } from './jobs.js';
import { isReturning } from './navigation.js';
import { announce, set, state } from './store.js';

/** The API changes at most so many at once. */
export const MAX_SELECTED = 500;

/** The row from which Shift selects. */
let anchor = null;

/** To be called when the list is opened. */
export function openSelection() {
  anchor = null;
  if (!isReturning()) {
    clearSelection();
  }
}

export function clearSelection() {
  replaceSelection([]);
}

export function replaceSelection(ids) {
  if (ids.length > 0 || state.selection.length > 0) {
    set({ selection: ids });
  }
}

/**
 * Selects a job, or no longer; with a range also those between it and the one before.
 *
 * @param {string} id
 * @param {boolean} isSelected
 * @param {boolean} isRange
 */
export function select(id, isSelected, isRange) {
  const ids = state.list?.ids ?? [];
  const [from, to] = [ids.indexOf(anchor), ids.indexOf(id)];
  const range = isRange && from >= 0 && to >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  anchor = id;
  if (isSelected) {
    add(range);
  } else {
    replaceSelection(state.selection.filter((other) => !range.includes(other)));
  }
}

/** Selects all jobs of the page, or no longer. */
export function selectPage(isSelected) {
  const ids = state.list?.ids ?? [];
  if (isSelected) {
    add(ids);
  } else {
    replaceSelection(state.selection.filter((id) => !ids.includes(id)));
  }
}

/**
 * Selects the jobs of all pages of the list, if they are not too many.
 *
 * @throws {ApiError}
 */
export async function selectMatching() {
  const requestedAt = Date.now();
  const { jobs } = await api.jobs({ ...state.list.query, limit: MAX_SELECTED, offset: 0 });
  updateJobs(jobs, requestedAt);
  add(jobs.map((job) => job.job_id));
}

function add(ids) {
  const all = [...new Set([...state.selection, ...ids.filter((id) => state.jobs.has(id))])];
  if (all.length > MAX_SELECTED) {
    announce(`At most ${MAX_SELECTED} jobs can be selected`);
  }
  replaceSelection(all.slice(0, MAX_SELECTED));
}
