// Fills the form of a new job in from a job, a run set, a preset or a dataset.

import { api } from '../api/api.js';
import { givenName, labelsText, oneDatasetParam, typeOf } from '../lib/job-request.js';
import { href } from '../lib/router.js';
import { PRESETS, editDraft, fillDraft, openDraft } from './job-draft.js';
import { loadJobTypes } from './job-types.js';
import { go } from './navigation.js';
import { state } from './store.js';

/** How from begins if it names a run set instead of a job. */
export const RUN_SETS = 'run-sets/';

/** Opens the form with this dataset. */
export function newJobWith(datasetPath) {
  openDraft();
  editDraft({ link: null });
  go(href('new', { input: datasetPath }));
}

/** Opens the form with a run set that has a job for each of these datasets. */
export async function newJobsWith(datasetPaths) {
  openDraft();
  await loadJobTypes();
  const { draft, jobTypes } = state;
  const type = jobTypes && [typeOf(draft, jobTypes), ...jobTypes].find(oneDatasetParam);
  if (type) {
    fillDraft({ type: type.type, several: { [oneDatasetParam(type).name]: datasetPaths } });
  }
  go(href('new'));
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
