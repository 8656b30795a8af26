// What stands in the form of a new job. The draft outlives a reload of its tab.

import { api } from './api.js';
import { bodyOf } from './request.js';
import { newKey, remember, remembered, set, state, submit } from './store.js';

const KEY = 'tinderbox.draft';
const tab = () => sessionStorage;

/** The form as it was left, or as it begins. Its idempotency key stands for this very content. */
export function openDraft() {
  if (state.draft === undefined) {
    set({ draft: kept() ?? emptyDraft() });
  }
}

function kept() {
  try {
    const draft = JSON.parse(remembered(KEY, tab));
    const whole = typeof draft?.params === 'object' && draft.params !== null && typeof draft.key === 'string';
    return whole ? draft : null;
  } catch {
    return null;
  }
}

function emptyDraft() {
  return { from: null, type: null, name: '', params: {}, key: newKey() };
}

/** Changes the draft; another content is another job, so it gets another key. */
export function editDraft(changes) {
  const draft = { ...state.draft, ...changes, key: newKey() };
  remember(KEY, JSON.stringify(draft), tab);
  set({ draft });
}

export function editParam(name, value) {
  editDraft({ params: { ...state.draft.params, [name]: value } });
}

export function clearDraft() {
  remember(KEY, null, tab);
  set({ draft: emptyDraft() });
}

/** Fills the form from an old job; once, so that what was changed since outlives a reload. */
export async function fillFrom(id) {
  if (state.draft.from === id) {
    return;
  }
  const job = await api.job(id);
  const params = Object.entries(job.params).map(([name, value]) => [
    name,
    typeof value === 'boolean' || value === null ? value : String(value),
  ]);
  editDraft({ from: id, type: job.type, name: job.name ?? '', params: Object.fromEntries(params) });
}

/**
 * Sends the draft; while it is under way, and after a failure that leaves open whether it arrived, the key makes sure
 * that it becomes one job.
 *
 * @throws {ApiError}
 */
export async function sendDraft(type) {
  const { key } = state.draft;
  await submit(bodyOf(state.draft, type), key);
  if (state.draft.key === key) {
    clearDraft();
  }
}
