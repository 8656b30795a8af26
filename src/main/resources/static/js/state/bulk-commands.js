// What users do with many jobs at once. Each command resolves to what became of the jobs, and never rejects:
// {done: ids, refused: [{ids, reason}]}, with those that were not tried among the refused.

import { api, randomId } from '../api/api.js';
import { errorText } from '../api/messages.js';
import { reloadList } from './job-list.js';
import { updateJobs } from './jobs.js';
import { replaceSelection } from './selection.js';
import { set, state } from './store.js';

/** The server takes 500, but has 20 s for them. */
const BULK_SIZE = 100;
const PARALLEL = 4;

/** After these, the server would refuse the next one, too. */
const STOPPING = [0, 401, 429, 503];
const NOT_TRIED = 'Not tried any more';

export const cancelJobs = (ids, onProgress) => inBulk('cancel', ids, onProgress);

export async function deleteJobs(ids, onProgress) {
  const outcome = await inBulk('delete', ids, onProgress);
  outcome.done.forEach((id) => state.jobs.delete(id));
  set({});
  return outcome;
}

const rerunKeys = {};

/** A retry after a failure has the same key, so that it makes one job. */
export function rerunJobs(ids, onProgress) {
  return oneByOne(ids, onProgress, async (id) => {
    await api.rerun(id, (rerunKeys[id] ??= randomId()));
    delete rerunKeys[id];
  });
}

/** Adds or replaces a label, or removes it if value is null. Whatever else is changed meanwhile is kept. */
export function labelJobs(ids, key, value, onProgress) {
  return oneByOne(ids, onProgress, async (id) => updateJobs([await api.patch(id, { labels: { [key]: value } }, '*')]));
}

/** The refused jobs stay selected, and the list is shown as it is now. */
export function settle({ done }) {
  replaceSelection(state.selection.filter((id) => !done.includes(id)));
  reloadList();
}

async function inBulk(what, ids, onProgress) {
  const outcome = new Outcome();
  for (let from = 0; from < ids.length; from += BULK_SIZE) {
    const some = ids.slice(from, from + BULK_SIZE);
    try {
      for (const { job_id: id, code, detail } of (await api.bulk(what, some)).answers) {
        outcome.add(id, code === undefined ? null : errorText(code, detail));
      }
    } catch (error) {
      some.forEach((id) => outcome.add(id, error.message));
      ids.slice(from + BULK_SIZE).forEach((id) => outcome.add(id, NOT_TRIED));
      break;
    }
    onProgress(from + some.length);
  }
  return outcome.value();
}

async function oneByOne(ids, onProgress, action) {
  const outcome = new Outcome();
  const waiting = [...ids];
  let isStopped = false;
  const work = async () => {
    while (waiting.length > 0) {
      const id = waiting.shift();
      if (isStopped) {
        outcome.add(id, NOT_TRIED);
        continue;
      }
      try {
        await action(id);
        outcome.add(id, null);
      } catch (error) {
        outcome.add(id, error.message);
        isStopped ||= STOPPING.includes(error.status);
      }
      onProgress(ids.length - waiting.length);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return outcome.value();
}

class Outcome {
  #done = [];
  #refused = new Map();

  /** @param {string|null} reason null if it was done */
  add(id, reason) {
    if (reason === null) {
      this.#done.push(id);
    } else {
      this.#refused.set(reason, [...(this.#refused.get(reason) ?? []), id]);
    }
  }

  value() {
    return { done: this.#done, refused: [...this.#refused].map(([reason, ids]) => ({ reason, ids })) };
  }
}
