// The form of a new job, as far as it is filled in. The draft outlives a reload of its tab.

import { api, randomId } from '../api/api.js';
import { givenName, labelsText, linkedDraft, nextAttempt, requestOf, severalValues, valueOf, withPreset } from '../lib/job-request.js';
import { href, runSetHref, search } from '../lib/router.js';
import { openAccepted, submitJob } from './jobs.js';
import { go, replaceRoute, rewriteAddress } from './navigation.js';
import { announce, loadText, saveText, set, state, thisTab } from './store.js';

const KEY = 'tinderbox.draft';
const SAMPLE_KEY = 'tinderbox.sample-key';

/** How from begins if it names a run set instead of a job. */
const RUN_SETS = 'run-sets/';

/**
 * from and link are the job, run set or preset and the rest of the address that the draft was filled from. several has the fields
 * of those parameters that have several values, see severalValues; labels are those of a run set. attempt is the last attempt
 * to submit the draft, see nextAttempt. isEdited tells whether anything was filled in since; replaced is the edited draft whose
 * place this one took, or null. preset is the preset that the draft was filled from, as it was then, or null.
 */
const EMPTY = {
  from: null,
  link: null,
  type: null,
  name: '',
  params: {},
  several: {},
  labels: '',
  attempt: null,
  isEdited: false,
  replaced: null,
  preset: null,
};

/** Opens the draft as it was left, or an empty one. */
export function openDraft() {
  if (state.draft === null) {
    set({ draft: { ...EMPTY, ...storedDraft() } });
  }
}

function storedDraft() {
  try {
    const draft = JSON.parse(loadText(KEY, thisTab));
    const isComplete = typeof draft?.params === 'object' && draft.params !== null && typeof draft.name === 'string';
    return isComplete ? draft : null;
  } catch {
    return null;
  }
}

function editDraft(changes) {
  const draft = { ...state.draft, ...changes };
  saveText(KEY, JSON.stringify(draft), thisTab);
  set({ draft });
}

export function editName(name) {
  editDraft({ name, isEdited: true });
}

/** @param {boolean} [isTyped] false: the form itself added to the value */
export function editParam(name, value, isTyped = true) {
  editDraft({ params: { ...state.draft.params, [name]: value }, isEdited: isTyped || state.draft.isEdited });
}

export function editSeveral(name, entered) {
  editDraft({ several: { ...state.draft.several, [name]: entered }, isEdited: true });
}

export function editLabels(labels) {
  editDraft({ labels, isEdited: true });
}

/** Gives parameters fields for several values, which begin with the one that they have, but not with the dataset of the sample. */
export function openSeveral(specs) {
  const { params } = state.draft;
  const isSample = ({ kind, name }) => kind === 'dataset' && params[name] === undefined;
  const added = specs.map((spec) => [spec.name, isSample(spec) ? [] : [valueOf(spec, state.draft)]]);
  editDraft({ several: { ...state.draft.several, ...Object.fromEntries(added) } });
}

/** Gives parameters their usual fields again, with the first of their values. */
export function closeSeveral(specs) {
  const several = { ...state.draft.several };
  const params = { ...state.draft.params };
  for (const spec of specs) {
    const [first] = severalValues(spec, several[spec.name]);
    delete several[spec.name];
    delete params[spec.name];
    if (first !== undefined) {
      params[spec.name] = spec.kind === 'boolean' ? first : String(first);
    }
  }
  editDraft({ several, params });
}

/** Chooses a type, also in the address, so that Back leads to its form. What is filled in for another type is kept. */
export function chooseType(type) {
  const query = { type };
  editDraft({ type, link: linkKey(query) });
  replaceRoute(href('new', query));
}

/** Empties the form of this type. */
export function resetDraft(type) {
  saveText(KEY, null, thisTab);
  set({ draft: EMPTY });
  chooseType(type);
}

/** Leaves nothing for the next user of this tab. */
export function forgetDraft() {
  saveText(KEY, null, thisTab);
  forgetDatasets();
  set({ draft: null });
}

/** Fills the whole form in; what was filled in before can be brought back. */
function fillDraft(changes) {
  const { isEdited, replaced, ...before } = state.draft;
  editDraft({ ...EMPTY, ...changes, replaced: isEdited ? { ...before, isEdited, replaced: null } : replaced });
}

/** Brings back what a link or a job has replaced. */
export function restoreDraft() {
  const { from, link, replaced } = state.draft;
  editDraft({ ...replaced, from, link });
}

/** Opens the form with this dataset. */
export function newJobWith(datasetPath) {
  openDraft();
  editDraft({ link: null });
  go(href('new', { input: datasetPath }));
}

/** Has the form filled in by the next link, even if it is the one that filled it before. */
export function forgetLink() {
  openDraft();
  editDraft({ link: null });
}

/** Opens the form with the parameters of an existing job. */
export function newJobLike(id) {
  openDraft();
  editDraft({ from: null });
  go(href('new', { from: id }));
}

/**
 * Fills in what a link says, only once: a later choice survives a reload. It never submits anything. A link that names
 * only a type changes nothing else.
 */
export function fillLinked(query, jobTypes) {
  const link = linkKey(query);
  const changes = linkedDraft(query, state.draft, jobTypes);
  if (state.draft.link === link || changes === null) {
    return;
  }
  if (changes.params === undefined) {
    editDraft({ link, ...changes });
  } else {
    fillDraft({ link, ...changes });
  }
}

function linkKey({ from, preset, ...query }) {
  return search(query);
}

/** How from begins if it names a preset instead of a job. */
const PRESETS = 'presets/';

/** What the address says that the form is filled in from. */
export function sourceOf({ from, preset }) {
  return preset ? `${PRESETS}${preset}` : from;
}

/** Fills in what a preset runs. */
export function fillFromPreset(preset) {
  fillDraft({ from: `${PRESETS}${preset.preset_id}`, type: preset.type, params: typedParams(preset.params), preset });
}

/** Parameters as the form has them. */
function typedParams(params) {
  const entries = Object.entries(params).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]);
  return Object.fromEntries(entries);
}

/**
 * Fills in the address's job, run set or preset, only once: later changes survive a reload.
 *
 * @throws {ApiError}
 */
export async function fillFrom(id, signal) {
  if (state.draft.from === id) {
    return;
  }
  if (id.startsWith(PRESETS)) {
    const [preset] = await api.preset(id.slice(PRESETS.length), signal);
    fillFromPreset(preset);
    return;
  }
  const isSet = id.startsWith(RUN_SETS);
  const job = await (isSet ? api.runSets('GET', `/${encodeURIComponent(id.slice(RUN_SETS.length))}`, { signal }) : api.job(id, signal));
  const filled = { from: id, type: job.type, name: givenName(job) ?? '', params: typedParams(job.params) };
  fillDraft(isSet ? { ...filled, several: job.for_each, labels: labelsText(job.labels) } : filled);
}

/**
 * Submits the draft and opens its job, or its run set; Back from there leads to the form as it was sent. Until an answer
 * arrives, also after a reload, the same request has the same key, so that it makes one.
 *
 * @throws {ApiError}
 */
export async function submitDraft(type) {
  const request = withPreset(requestOf(state.draft, type), state.draft, type);
  const attempt = nextAttempt(state.draft.attempt, request, randomId);
  editDraft({ attempt });
  const isSet = request.for_each !== undefined;
  const accepted = isSet
    ? await api.runSets('POST', '', { body: request, key: attempt.key })
    : await submitJob(request, attempt.key);
  rememberDatasets(datasetsOf(request, type));
  if (JSON.stringify(withPreset(requestOf(state.draft, type), state.draft, type)) === attempt.body) {
    editDraft({ ...EMPTY, replaced: state.draft.replaced });
    if (state.route.view === 'new') {
      rewriteAddress(href('new', { from: isSet ? RUN_SETS + accepted.run_set_id : accepted.job_id }));
    }
  }
  if (isSet) {
    announce('Run set accepted');
    go(runSetHref(accepted.run_set_id));
  } else {
    openAccepted(accepted);
  }
}

function datasetsOf({ params, for_each: several = {} }, type) {
  const names = type.params.filter(({ kind }) => kind.startsWith('dataset')).map(({ name }) => name);
  return names.flatMap((name) => several[name] ?? params[name] ?? []).flat();
}

let sampleKey = loadText(SAMPLE_KEY, thisTab);

/**
 * Submits the sample; with the same key until an answer arrives.
 *
 * @throws {ApiError}
 */
export async function submitSample() {
  sampleKey ??= randomId();
  saveText(SAMPLE_KEY, sampleKey, thisTab);
  openAccepted(await submitJob(undefined, sampleKey));
  sampleKey = null;
  saveText(SAMPLE_KEY, null, thisTab);
}

const RECENT_KEY = 'tinderbox.recent-datasets';
const MAX_RECENT = 6;

/** The paths of the datasets that jobs from this browser have read, the newest first. */
export function recentDatasets() {
  try {
    const paths = JSON.parse(loadText(RECENT_KEY));
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
}

/** Puts the datasets of a job first. */
function rememberDatasets(paths) {
  const used = paths.filter((path) => path !== '').map((path) => path.replace(/\/$/, ''));
  if (used.length > 0) {
    const all = [...new Set([...used, ...recentDatasets()])];
    saveText(RECENT_KEY, JSON.stringify(all.slice(0, MAX_RECENT)));
  }
}

/** They are not for the next user of this browser. */
function forgetDatasets() {
  saveText(RECENT_KEY, null);
}
