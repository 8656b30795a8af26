// From the form of a new job to a request, and from the server's errors to the form's fields. Pure.

/** The draft's job type; the first if it names none that exists. */
export function typeOf(draft, jobTypes) {
  return jobTypes.find((type) => type.type === draft.type) ?? jobTypes[0];
}

/** What a field shows: what was typed, else the default. */
export function valueOf(spec, draft) {
  return draft.params[spec.name] ?? spec.default ?? (spec.kind === 'boolean' ? false : '');
}

/**
 * The request for a draft, without empty fields. What is not a number, or would be rounded, is sent as text, so that the
 * server reports it at its field.
 */
export function requestOf(draft, type) {
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
 * An attempt to submit a request. The same request as before has the same idempotency key.
 *
 * @param {{body: string, key: string}|null} before the last attempt
 * @param {Object} request
 * @param {() => string} newKey
 */
export function nextAttempt(before, request, newKey) {
  const body = JSON.stringify(request);
  return before?.body === body ? before : { body, key: newKey() };
}

/** Error messages by field: 'name', 'params.' and a parameter's name, or '' for those of no field. */
export function fieldErrors(error, type) {
  const messages = {};
  const known = new Set(['name', ...type.params.map((spec) => `params.${spec.name}`)]);
  const errors = error.errors ?? [];
  for (const { field, message } of errors) {
    const key = known.has(field) ? field : '';
    const text = key === '' ? `${field.replace(/^params\./, '').replaceAll('_', ' ')}: ${message}` : message;
    messages[key] = messages[key] ? `${messages[key]}; ${text}` : text;
  }
  if (errors.length === 0) {
    messages[''] = error.message;
  }
  return messages;
}
