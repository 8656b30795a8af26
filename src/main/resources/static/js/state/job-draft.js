// The form of a new job, as far as it is filled in. The draft outlives a reload of its tab.

import { linkedDraft, severalValues, valueOf } from '../lib/job-request.js';
import { href, search } from '../lib/router.js';
import { replaceRoute } from './navigation.js';
import { loadText, saveText, set, state, thisTab } from './store.js';

const KEY = 'tinderbox.draft';

/**
 * from and link are the job, run set or preset and the rest of the address that the draft was filled from. several has the fields
 * of those parameters that have several values, see severalValues; labels are those of a run set. attempt is the last attempt
 * to submit the draft, see nextAttempt. isEdited tells whether anything was filled in since; replaced is the edited draft whose
 * place this one took, or null. preset is the preset that the draft was filled from, as it was then, or null.
 */
export const EMPTY = {
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

/** Changes the draft, and keeps it for a reload. */
export function editDraft(changes) {
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
export function fillDraft(changes) {
  const { isEdited, replaced, ...before } = state.draft;
  editDraft({ ...EMPTY, ...changes, replaced: isEdited ? { ...before, isEdited, replaced: null } : replaced });
}

/** Brings back what a link or a job has replaced. */
export function restoreDraft() {
  const { from, link, replaced } = state.draft;
  editDraft({ ...replaced, from, link });
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
export const PRESETS = 'presets/';

/** What the address says that the form is filled in from. */
export function sourceOf({ from, preset }) {
  return preset ? `${PRESETS}${preset}` : from;
}

/** Where the paths of the datasets are kept that jobs from this browser have read. */
export const RECENT_KEY = 'tinderbox.recent-datasets';

/** The paths of the datasets that jobs from this browser have read, the newest first. */
export function recentDatasets() {
  try {
    const paths = JSON.parse(loadText(RECENT_KEY));
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
}

/** They are not for the next user of this browser. */
function forgetDatasets() {
  saveText(RECENT_KEY, null);
}
