// What users may change of an accepted job: its name, note and labels, as the fields of a form have them. Pure.

/** The fields of a job; labels has a line for each, 'key' or 'key: value'. */
export function editsOf({ name, note, labels }) {
  const lines = Object.entries(labels ?? {}).map(([key, value]) => (value === '' ? key : `${key}: ${value}`));
  return { name, note: note ?? '', labels: lines.join('\n') };
}

/** The labels in a text that has a line for each. */
export function parseLabels(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
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
  const [old, wanted] = [parseLabels(before.labels), parseLabels(after.labels)];
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
