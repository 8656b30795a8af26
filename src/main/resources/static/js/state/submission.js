// Submits the form of a new job, and the sample. Loaded when first needed.

import { api, randomId } from '../api/api.js';
import { fieldProblems } from '../lib/field-problems.js';
import { nextAttempt, requestOf, withPreset } from '../lib/job-request.js';
import { href, runSetHref } from '../lib/router.js';
import { RUN_SETS } from './draft-sources.js';
import { EMPTY, RECENT_KEY, editDraft, recentDatasets } from './job-draft.js';
import { openAccepted, submitJob } from './jobs.js';
import { go, rewriteAddress } from './navigation.js';
import { announce, loadText, saveText, state, thisTab } from './store.js';

const SAMPLE_KEY = 'tinderbox.sample-key';
const MAX_RECENT = 6;

/**
 * Submits the draft and opens its job, or its run set; Back from there leads to the form as it was sent. Until an answer
 * arrives, also after a reload, the same request has the same key, so that it makes one.
 *
 * @returns {Promise<Object>} what is wrong with the request, by field, see fieldProblems
 */
export async function submitDraft(type) {
  const request = withPreset(requestOf(state.draft, type), state.draft, type);
  const attempt = nextAttempt(state.draft.attempt, request, randomId);
  editDraft({ attempt });
  const isSet = request.for_each !== undefined;
  let accepted;
  try {
    accepted = await (isSet ? api.runSets('POST', '', { body: request, key: attempt.key }) : submitJob(request, attempt.key));
  } catch (error) {
    return fieldProblems(error, type, request);
  }
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
  return {};
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

/** Puts the datasets of a job first. */
function rememberDatasets(paths) {
  const used = paths.filter((path) => path !== '').map((path) => path.replace(/\/$/, ''));
  if (used.length > 0) {
    const all = [...new Set([...used, ...recentDatasets()])];
    saveText(RECENT_KEY, JSON.stringify(all.slice(0, MAX_RECENT)));
  }
}
