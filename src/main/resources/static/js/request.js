// How what stands in the form of a new job becomes a request, and where a refusal belongs in it. Pure.

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
 * The try to send a body: that of before where the body is the same, so that it has the same idempotency key.
 *
 * @param {{body: string, key: string}|null} before
 */
export function attempted(before, body, newKey) {
  const text = JSON.stringify(body);
  return before?.body === text ? before : { body: text, key: newKey() };
}

/** Problems by the name of their field: 'name', or that of a parameter; '' for what belongs to none. */
export function problemsOf(error, type) {
  const problems = {};
  const known = new Set(['name', ...type.params.map((spec) => `params.${spec.name}`)]);
  const errors = error.errors ?? [];
  for (const { field, message } of errors) {
    const place = known.has(field) ? field : '';
    const text = place === '' ? `${field.replace(/^params\./, '').replaceAll('_', ' ')}: ${message}` : message;
    problems[place] = problems[place] ? `${problems[place]}; ${text}` : text;
  }
  if (errors.length === 0) {
    problems[''] = error.message;
  }
  return problems;
}
