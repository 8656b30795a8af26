// What stands in the form of a new job, and how it becomes a request. The draft outlives a reload of its tab.

import { ApiError, api } from './api.js';
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

/** The job type that the draft is for: the first where it names none that there is. */
export function typeOf(draft, jobTypes) {
  return jobTypes.find((type) => type.type === draft.type) ?? jobTypes[0];
}

/** What a field shows: what was written, else the default. */
export function valueOf(spec, draft) {
  return draft.params[spec.name] ?? spec.default ?? (spec.kind === 'boolean' ? false : '');
}

/**
 * The request's body. What is not written is not sent; a number that is none, or that this language would round, is
 * sent as it was written, so that the server says at its field what is wrong.
 */
export function bodyOf(draft, type) {
  const params = {};
  for (const spec of type.params) {
    const value = valueOf(spec, draft);
    if (value !== '') {
      params[spec.name] = spec.kind === 'integer' ? integer(String(value).trim()) : value;
    }
  }
  const name = draft.name.trim();
  return name === '' ? { type: type.type, params } : { type: type.type, name, params };
}

function integer(text) {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
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

/** Problems by the name of their field: 'name', or that of a parameter; '' for what belongs to none. */
export function problemsOf(error, type) {
  const problems = {};
  const known = new Set(['name', ...type.params.map((spec) => `params.${spec.name}`)]);
  const errors = error instanceof ApiError ? error.errors : [];
  for (const { field, message } of errors) {
    const place = known.has(field) ? field : '';
    const text = place === '' ? `${field}: ${message}` : message;
    problems[place] = problems[place] ? `${problems[place]}; ${text}` : text;
  }
  if (errors.length === 0) {
    problems[''] = error.message;
  }
  return problems;
}
