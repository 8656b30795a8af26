// What users may change of an accepted job: its name, note and labels, as the fields of a form have them. Pure.

import { labelsOf, labelsText } from './job-request.js';

/** The fields of a job or run set; labels is a text, see labelsText. */
export function editsOf({ name, note, labels }) {
  return { name, note: note ?? '', labels: labelsText(labels ?? {}) };
}

/** The merge patch that makes one of the other; without what is the same. */
export function patchOf(before, after) {
  const patch = {};
  if (after.name.trim() !== before.name) {
    patch.name = after.name.trim() || null;
  }
  if (after.note.trim() !== before.note.trim()) {
    patch.note = after.note.trim() || null;
  }
  const [old, wanted] = [labelsOf(before.labels), labelsOf(after.labels)];
  const labels = {
    ...Object.fromEntries(Object.keys(old).filter((key) => !(key in wanted)).map((key) => [key, null])),
    ...Object.fromEntries(Object.entries(wanted).filter(([key, value]) => old[key] !== value)),
  };
  return Object.keys(labels).length === 0 ? patch : { ...patch, labels };
}

/**
 * The fields after somebody else has changed the job: theirs, but mine where I have changed them.
 *
 * @returns {{fields: Object, conflicts: string[]}} conflicts: the names of the fields that both have changed, differently
 */
export function merged(base, mine, theirs) {
  const names = Object.keys(base);
  const isMine = (name) => mine[name] !== base[name];
  return {
    fields: Object.fromEntries(names.map((name) => [name, isMine(name) ? mine[name] : theirs[name]])),
    conflicts: names.filter((name) => isMine(name) && theirs[name] !== base[name] && theirs[name] !== mine[name]),
  };
}
