// What stands in the form of a new job. The draft outlives a reload of its tab.

import { api } from './api.js';
import { attempted, bodyOf } from './request.js';
import { href } from './router.js';
import { go, newKey, remember, remembered, set, state, submit } from './store.js';

const KEY = 'tinderbox.draft';
const SAMPLE_KEY = 'tinderbox.sample-key';
const tab = () => sessionStorage;

/** The form as it was left, or as it begins. */
export function openDraft() {
  if (state.draft === undefined) {
    set({ draft: { ...EMPTY, ...kept() } });
  }
}

/**
 * from and input are the route's that the draft was filled from; attempt is the last try to send it, the body as text
 * and the idempotency key that stands for this very body.
 */
const EMPTY = { from: null, input: null, type: null, name: '', params: {}, attempt: null };

function kept() {
  try {
    const draft = JSON.parse(remembered(KEY, tab));
    const whole = typeof draft?.params === 'object' && draft.params !== null && typeof draft.name === 'string';
    return whole ? draft : null;
  } catch {
    return null;
  }
}

export function editDraft(changes) {
  const draft = { ...state.draft, ...changes };
  remember(KEY, JSON.stringify(draft), tab);
  set({ draft });
}

export function editParam(name, value) {
  editDraft({ params: { ...state.draft.params, [name]: value } });
}

export function clearDraft() {
  remember(KEY, null, tab);
  set({ draft: EMPTY });
}

/** Opens the form of a new job with this dataset. */
export function useDataset(path) {
  openDraft();
  editDraft({ input: null });
  go(href('new', { input: path }));
}

/** Writes a dataset into the form; once, so that another that was chosen since outlives a reload. */
export function fillInput(name, input) {
  if (state.draft.input !== input) {
    editDraft({ input, params: { ...state.draft.params, [name]: input } });
  }
}

/** Opens the form of a new job with all that an old one was sent with. */
export function changeAndRun(id) {
  openDraft();
  editDraft({ from: null });
  go(href('new', { from: id }));
}

/** Fills the form from an old job; once, so that what was changed since outlives a reload. */
export async function fillFrom(id, signal) {
  if (state.draft.from === id) {
    return;
  }
  const job = await api.job(id, signal);
  const params = Object.entries(job.params).map(([name, value]) => [
    name,
    typeof value === 'boolean' || value === null ? value : String(value),
  ]);
  editDraft({ from: id, type: job.type, name: job.name ?? '', params: Object.fromEntries(params) });
}

/**
 * Sends the draft. As long as it is open whether it arrived, also over a reload, the same content is sent with the same
 * key, so that it becomes one job.
 *
 * @throws {ApiError}
 */
export async function sendDraft(type) {
  const body = bodyOf(state.draft, type);
  const attempt = attempted(state.draft.attempt, body, newKey);
  editDraft({ attempt });
  await submit(body, attempt.key);
  if (JSON.stringify(bodyOf(state.draft, type)) === attempt.body) {
    clearDraft();
  }
}

let sampleKey = remembered(SAMPLE_KEY, tab);

/**
 * Sends the sample; with the same key until it has arrived.
 *
 * @throws {ApiError}
 */
export async function sendSample() {
  sampleKey ??= newKey();
  remember(SAMPLE_KEY, sampleKey, tab);
  await submit(undefined, sampleKey);
  sampleKey = null;
  remember(SAMPLE_KEY, null, tab);
}
